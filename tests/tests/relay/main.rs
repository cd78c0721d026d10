//! The real program against stand-ins for PSAs, over real TLS: nothing lost, nothing twice, by the stand-ins' own count.

mod alertmanager; // A real Alertmanager, and a pair of them.
mod certificate; // A certificate that is renewed.
mod deploy; // The service and the container.
mod full_disk; // A disk that is full, and one that has room again.
mod lost; // Cut writes, a PSA that is down, a program that is killed.
mod moved; // From one machine to another.
mod one; // The life of one alert.
mod places; // The three PSAs.
mod power; // The loss of power.
mod program; // The program, set up and started.
mod promise; // Each line of the promise has its test.
mod relay; // The program with a tenant of ConnectWise.
mod several; // Several relays on one database.
