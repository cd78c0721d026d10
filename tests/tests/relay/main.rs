//! The real program against a stand-in for a PSA, over real TLS: nothing lost, nothing twice, by the stand-in's own count.

mod lost; // Cut writes, a PSA that is down, a program that is killed.
mod one; // The life of one alert.
mod relay; // The program, set up and started.
