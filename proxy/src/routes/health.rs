//! `GET /healthz`: whether the process answers.

pub(super) async fn healthz() -> &'static str {
    "ok"
}
