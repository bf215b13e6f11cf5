//! `deploy/grafana-dashboard.json` shows metrics and labels that a proxy has.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{World, callback};

/// Returns the labels of each metric in the text format, by the name of the sample.
fn metrics(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut metrics = BTreeMap::<String, BTreeSet<String>>::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (sample, _) = line.rsplit_once(' ').unwrap();
        let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
        let labels =
            labels.trim_end_matches('}').split(',').filter_map(|label| label.split_once('='));
        metrics.entry(name.to_owned()).or_default().extend(labels.map(|(name, _)| name.to_owned()));
    }
    metrics
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_lowercase() && c != '_').filter(|word| !word.is_empty())
}

/// Returns the labels in selectors, groups and legends.
fn labels<'a>(expression: &'a str, legend: &'a str) -> BTreeSet<&'a str> {
    let selected = expression.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let selected = selected.flat_map(|labels| labels.split(','));
    let selected = selected.filter_map(|label| label.split(['=', '!']).next());
    let grouped = expression.split("by (").skip(1).filter_map(|rest| rest.split(')').next());
    let shown = legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    selected.chain(grouped.flat_map(words)).chain(shown).collect()
}

#[tokio::test]
async fn the_dashboard_shows_metrics_and_labels_of_a_real_proxy() {
    let mut world = World::start().await;
    assert_eq!(world.submit("callback", callback()).await.0, 200);
    let settings = crate::support::config(world.folder.path(), &world.sandbox.api_url());
    world.proxy.reload(settings).unwrap();
    let text = world.get("/metrics").send().await.unwrap().text().await.unwrap();
    let metrics = metrics(&text);

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/grafana-dashboard.json");
    let dashboard: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut shown = BTreeSet::new();
    for target in panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap()) {
        let expression = target["expr"].as_str().unwrap();
        let legend = target["legendFormat"].as_str().unwrap();
        let names: Vec<&str> =
            words(expression).filter(|word| word.starts_with("deal_proxy_")).collect();
        let [name] = names[..] else { panic!("not one metric: {expression}") };
        let known = metrics.get(name).unwrap_or_else(|| panic!("no metric {name} in:\n{text}"));
        // Prometheus itself adds `job`.
        for label in labels(expression, legend).into_iter().filter(|label| *label != "job") {
            assert!(known.contains(label), "{name} has no label {label}: {known:?}");
        }
        shown.insert(name.to_owned());
    }
    // The dashboard shows all metrics except the number of dropped fields of plain forms.
    let all = metrics.keys().map(|name| name.trim_end_matches("_sum").trim_end_matches("_count"));
    let all: BTreeSet<&str> = all.map(|name| name.trim_end_matches("_bucket")).collect();
    let shown = shown.iter().map(|name| name.trim_end_matches("_bucket"));
    let missing: Vec<_> = all.difference(&shown.collect()).copied().collect();
    assert_eq!(missing, ["deal_proxy_dropped_fields_total"]);
}
