//! Many cases that waited for a PSA, once it is back, on a clock that is not waited for.

use std::time::Duration;

use super::run::World;
use crate::alert::Alert;

const CASES: u32 = 1_000;
/// As ConnectWise allows: 1,000 requests a minute.
const APART: Duration = Duration::from_millis(60);
/// How long a request takes at a PSA that is far away.
const TAKES: Duration = Duration::from_millis(300);

#[tokio::test(start_paused = true)]
async fn cases_that_waited_use_the_budget_up() {
    let world = World::new().await;
    world.psa.state().pace = Some((TAKES, APART));
    let alert = |number: u32| Alert {
        source: "s1".to_owned(),
        key: number.to_string(),
        event: number.to_string(),
        ..Alert::default()
    };
    let alerts = (0..CASES).map(alert).collect();
    let office = &world.office;
    let began = office.clock.now();
    let received = office.store.receive("s1", alerts, None, began).await;
    received.expect("kept");
    office.bell.ring("t1");
    // One look-up and one write for each.
    let allowed = 2 * CASES * APART;
    while world.psa.state().tickets.len() < CASES as usize {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let took = office.clock.now().since(began);
        assert!(
            took < 2 * allowed,
            "{} tickets in {took:?}",
            world.psa.state().tickets.len()
        );
    }
    let took = office.clock.now().since(began);
    assert!(
        took >= allowed && took * 10 <= allowed * 11,
        "{took:?}, where the budget allows {allowed:?}"
    );
}
