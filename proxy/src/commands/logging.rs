//! The log.

use std::io::{self, IsTerminal};

use deal_proxy::LogFormat;
use tracing::{Level, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sets up logging to standard error. `RUST_LOG` sets the filter, such as `debug` or
/// `deal_proxy=debug,warn`; the default is `info`.
pub(super) fn init(format: LogFormat) {
    let text = std::env::var("RUST_LOG").unwrap_or_default();
    let filter = parse_filter(&text);
    let default = || Targets::new().with_default(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        // List only the current span, because spans are never nested.
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(filter.clone().unwrap_or_else(default)).with(lines).init();
    if filter.is_none() && !text.is_empty() {
        warn!(
            RUST_LOG = text,
            "RUST_LOG is not a valid filter, so the proxy logs at level info: write a level (error, \
             warn, info, debug, trace, off) or a filter such as deal_proxy=debug,warn"
        );
    }
}

/// Parses a filter. Returns `None` if the text is empty or invalid. Also returns `None` if the filter would
/// log nothing from the proxy and does not contain `off`, because a mistyped level parses as the name of a
/// module.
fn parse_filter(text: &str) -> Option<Targets> {
    if text.is_empty() {
        return None;
    }
    let filter = text.parse::<Targets>().ok()?;
    let logs_proxy = filter.would_enable("deal_proxy", &Level::ERROR);
    (logs_proxy || text.contains("off")).then_some(filter)
}
