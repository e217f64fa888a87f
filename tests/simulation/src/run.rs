//! One run.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::{advance, sleep};

use crate::deliveries::Deliveries;
use crate::process::Process;
use crate::server::Server;
use crate::users::Users;
use crate::world::{Report, World};

/// How often it is looked whether all has ended.
const LOOK: Duration = Duration::from_secs(10);
/// A run that takes longer hangs.
const LONGEST: Duration = Duration::from_hours(8);
/// The clock jumps over no more: a store forgets handled events after a day.
const LONGEST_JUMPS: Duration = Duration::from_hours(12);
/// Longer than anything is on its way.
const DRAIN: Duration = Duration::from_mins(20);

/// Runs the world of a seed.
///
/// # Errors
///
/// If the system gives no runtime.
pub fn run(seed: u64) -> std::io::Result<Report> {
    // Core waits random times, too.
    fastrand::seed(seed);
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
    Ok(runtime.block_on(live(seed)))
}

async fn live(seed: u64) -> Report {
    let world = World::new(seed);
    let server = Server::new(&world);
    let users = Users::new(&world, &server);
    let deliveries = Deliveries::new(&world);
    for user in 0..users.count() {
        let users = users.clone();
        tokio::spawn(keep_alive(world.clone(), "death of a client", move || users.start(user)));
    }
    for receiver in 0..=world.below(3) {
        let deliveries = deliveries.clone();
        tokio::spawn(keep_alive(world.clone(), "death of a receiver", move || deliveries.start(receiver)));
    }
    tokio::spawn(jump(world.clone()));
    deliveries.post_all();
    while !(users.are_done() && deliveries.are_done()) {
        sleep(LOOK).await;
        if world.elapsed().saturating_sub(world.jumped()) > LONGEST {
            world.violated("the run has no end".to_owned());
            break;
        }
    }
    sleep(DRAIN).await;
    users.check();
    deliveries.end();
    world.report()
}

/// Starts a process, and another one in its place each time that it dies.
async fn keep_alive(world: Arc<World>, death: &'static str, start: impl Fn() -> Process) {
    loop {
        let process = start();
        loop {
            sleep(Duration::from_millis(1) + world.up_to(Duration::from_mins(1))).await;
            if world.chance(death, 0.1) {
                break;
            }
        }
        process.die();
        sleep(world.up_to(Duration::from_secs(30))).await;
    }
}

/// Now and then everything sleeps for a while, as a laptop does.
async fn jump(world: Arc<World>) {
    while world.jumped() < LONGEST_JUMPS {
        sleep(Duration::from_millis(1) + world.up_to(Duration::from_mins(2))).await;
        if world.chance("clock jump", 0.2) {
            let by = world.up_to(Duration::from_hours(2));
            world.jump(by);
            advance(by).await;
        }
    }
}
