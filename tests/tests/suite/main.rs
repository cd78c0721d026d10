//! Everything that is not a case: rules about the sources and the contract, properties, and the host as people use it.

mod build; // `psa-build` in another workspace.
mod cache; // What `psa-host` keeps of a connector, and where the system has little to give.
mod case_files; // What every file of a case has, and what the cases of an operation cover together.
mod cli; // The command line as people and programs use it.
mod conform; // The conformance kit catches every wrong connector, and lets the good one pass.
mod contract; // The text of the interface: complete, well named, frozen once released, the same as the Rust types.
mod crates; // What the crates of host-test take from others and from each other.
mod create_once; // A simulated server that fails in any way at any point: never a second ticket.
mod demo; // What `make demo` shows.
mod documents; // What the documents show and name: examples, links, tests, rules.
mod embedding; // What the README shows of embedding the component.
mod embedding_live; // What docs/embedding.md shows of calling a connector live.
mod fuel; // The fuel of each case, and what long lists cost.
mod host; // What the host keeps of a connector, and between tenants.
mod host_duties; // The conformance kit for hosts catches every wrong host, and lets the good ones pass.
mod mcp; // `psa-host mcp` as the client of an agent uses it.
mod native; // What docs/writing-a-connector.md shows of a native test.
mod output; // What the command line prints for people and programs, and what it says if it cannot print.
mod prefixes; // Bodies that break off, and bodies nobody expects.
mod program; // `psa-host` as a child process, for the suites that need it.
mod rendering; // Texts of a ticket, rendered as Markdown.
mod rows; // What is known of a vendor's API has cases.
mod secrets; // No file that is committed holds a key.
mod server; // The stand-in for ConnectWise: alone, and with the connector over real TLS.
mod structure; // What the sources and the component may and may not hold.
mod urls; // Whatever is asked for, the URL stays a URL of the site's.
mod windows; // A simulated table of companies that changes between the requests.
mod writing; // What becomes of texts, sites and vendor fields, whatever they are.
