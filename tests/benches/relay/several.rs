//! What three relays on one PostgreSQL database take, against one of them: the database is the same, and so are the connections.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use psa_tests::mock::Misbehaviour;
use psa_tests::postgresql::PostgreSql;

use super::goal::Goal;
use super::load::{CONNECTIONS, Target, measured};
use super::places::{connectwise_place, connectwise_server};
use super::program::{Options, Program};
use super::{QUICK, noted};

const RELAYS: usize = 3;
const ROUNDS: usize = 4;

/// None without PostgreSQL.
pub(crate) async fn goals() -> Vec<Goal> {
    let Some(database) = PostgreSql::shared() else {
        return Vec::new();
    };
    let url = database.new_database();
    let server = connectwise_server();
    let place = connectwise_place(&server);
    let options = Options {
        timing: QUICK,
        requests_per_minute: 1_000,
        database: Some(&url),
        ..Options::default()
    };
    let mut first = Program::set_up(&place, &options);
    (2..=RELAYS).for_each(|number| first.add_tenant(&place, number));
    let mut relays = vec![first];
    while relays.len() < RELAYS {
        let other = Program::configured(&place, &options).with_key_of(&relays[0]);
        relays.push(other);
    }
    // Only the intake is measured: once it is set up, the PSA is down.
    server.misbehave_as(|_| Some(Misbehaviour::Unavailable(None)));
    for relay in &mut relays {
        relay.start();
        relay.answers().await;
    }
    let one_tenant: Vec<Target> = relays.iter().map(|it| Target::of(it, "gj")).collect();
    let sources = ["gj", "gj2", "gj3"];
    let at_one = sources.map(|it| Target::of(&relays[0], it));
    let each_its_own: Vec<Target> = (relays.iter().zip(sources))
        .map(|(relay, source)| Target::of(relay, source))
        .collect();
    // No alert of the one is an alert of the other.
    let number = Arc::new(AtomicUsize::new(0));
    let mut goals = compared("one tenant", &one_tenant[..1], &one_tenant, &number).await;
    goals.extend(compared("a tenant each", &at_one, &each_its_own, &number).await);
    goals
}

/// In turn: what one relay takes, and what all of them take.
async fn compared(
    of_whom: &str,
    one: &[Target],
    all: &[Target],
    number: &Arc<AtomicUsize>,
) -> Vec<Goal> {
    let mut sums = [0.0; 2];
    for round in 0..ROUNDS {
        // Each finds more in the database than the one before, so they begin in turn.
        for turn in 0..sums.len() {
            let which = (round + turn) % sums.len();
            let (taken, _) = measured([one, all][which], RELAYS * CONNECTIONS, number).await;
            let relays = ["one relay", "three relays"][which];
            println!("a second, on PostgreSQL, {of_whom}: {relays} {taken:.0}");
            sums[which] += taken;
        }
    }
    let [one, all] = sums.map(|sum| sum / ROUNDS as f64);
    let named = |what: &str| format!("{what}, {of_whom}");
    vec![
        noted(&named("Alerts in PostgreSQL, one relay"), one, "a second"),
        noted(
            &named("Alerts in PostgreSQL, three relays"),
            all,
            "a second",
        ),
        noted(&named("Three relays compared with one"), all / one, "times"),
    ]
}
