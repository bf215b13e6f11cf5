//! The layers in each crate. A module is allowed to import from its own layer and from the layers
//! below it.

use super::imports::Import;
use std::collections::BTreeSet;

/// The top-level modules in each crate, layer by layer from the top down.
const LAYERS: [(&str, &[&[&str]]); 4] = [
    (
        "deal-contract",
        &[
            &["author"],
            &["check"],
            &["protocol"],
            &["problem"],
            &["input", "normalize"],
            &["definition"],
            &["reply"],
            &["locales", "messages"],
            &["attachments", "parameter", "revision"],
            &["reference", "values"],
            &["code", "kind"],
            &["characters", "json", "pattern", "template"],
        ],
    ),
    (
        "deal-form",
        &[
            &["element"],
            &["form"],
            &["submission", "controls", "draft"],
            &["state"],
            &["locale", "transport"],
            &["browser", "clock", "json", "promise", "scope"],
        ],
    ),
    (
        "crm-sandbox",
        &[
            &["routes"],
            &["page", "api"],
            &["app"],
            &["calls"],
            &["crm"],
            &["store"],
            &["intake", "add_deal", "reply"],
            &["parameters", "options", "values", "faults", "records", "refusal", "server"],
        ],
    ),
    (
        "deal-proxy",
        &[
            &["commands", "reload"],
            &["proxy", "simulation", "testing"],
            &["http"],
            &["doctor"],
            &["delivery"],
            &["intake"],
            &["bots"],
            &["limits"],
            &["store"],
            &["settings", "printable"],
        ],
    ),
];

/// Returns a sentence for each import from a higher layer, and for each module without a layer.
pub(super) fn mistakes(crate_name: &str, imports: &BTreeSet<Import>) -> Vec<String> {
    let Some((_, layers)) = LAYERS.iter().find(|(name, _)| *name == crate_name) else {
        return Vec::new();
    };
    let layer = |module: &str| layers.iter().position(|layer| layer.contains(&module));
    let mut mistakes = BTreeSet::new();
    for Import { from, to, place, name } in imports {
        // Skip the root, because it declares all modules.
        let (Some(from), Some(to)) = (from.first(), to.first()) else { continue };
        match (layer(from), layer(to)) {
            (Some(upper), Some(lower)) if upper <= lower => {}
            (Some(_), Some(_)) => {
                mistakes.insert(format!(
                    "{place}: `{from}` must not import {name} from `{to}`, which is in a layer above it"
                ));
            }
            (None, _) => {
                mistakes.insert(unplaced(crate_name, from));
            }
            (_, None) => {
                mistakes.insert(unplaced(crate_name, to));
            }
        }
    }
    mistakes.into_iter().collect()
}

fn unplaced(crate_name: &str, module: &str) -> String {
    format!("{crate_name}: `{module}` has no layer: add it to xtask/src/tidy/modules/layers.rs")
}

#[cfg(test)]
mod tests {
    use super::{Import, mistakes};

    fn check(from: &str, to: &str, expected: &str) {
        let path = |module: &str| vec![module.to_owned()];
        let place = "proxy/src/a.rs:1".to_owned();
        let import = Import { from: path(from), to: path(to), place, name: "Name".to_owned() };
        assert_eq!(mistakes("deal-proxy", &[import].into()).concat(), expected);
    }

    #[test]
    fn reports_imports_that_point_up() {
        check("http", "store", "");
        check("proxy", "proxy", "");
        let sentence = "proxy/src/a.rs:1: `store` must not import Name from `http`, which is in a layer above it";
        check("store", "http", sentence);
    }

    #[test]
    fn reports_modules_without_a_layer() {
        let sentence =
            "deal-proxy: `extra` has no layer: add it to xtask/src/tidy/modules/layers.rs";
        check("extra", "store", sentence);
        check("http", "extra", sentence);
    }
}
