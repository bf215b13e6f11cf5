use crate::support::World;

#[tokio::test]
async fn a_running_proxy_says_ok() {
    let world = World::start().await;
    let response = world.get("/healthz").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.text().await.unwrap(), "ok");
}
