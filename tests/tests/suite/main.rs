//! Everything that is not a case: rules about the sources and the contract, properties, and the host as people use it.

mod structure; // What the sources and the component may and may not hold.
