//! `demo`: the whole flow in a browser, without a PSA.

use psa_relay::demo::{GOOD_KEY, WEAK_KEY, send, set_up, view};
use psa_relay::page::{Page, PageOptions};
use psa_relay::serve::{Listeners, PageListener, listen, serve};
use psa_relay::service::make_page_link;
use tokio::net::TcpListener;

use crate::output::{Failure, print};
use crate::run::until_stopped;

pub(crate) async fn run(port: u16) -> Result<(), Failure> {
    let page = bind(port).await?;
    let intake = bind(port + 1).await?;
    let tickets = bind(port + 2).await?;
    let tickets_url = format!("http://{}/", tickets.local_addr()?);
    let demo = set_up(&tickets_url).await?;
    let address = page.local_addr()?;
    let options = PageOptions {
        address: Some(address),
        intake_url: format!("http://{}", intake.local_addr()?),
        is_demonstration: true,
        ..PageOptions::default()
    };
    let link = make_page_link(&demo.office).await?;
    print(&format!(
        "Open this link; it works once, for ten minutes:\n\n    http://{address}/link/{}\n\n\
         There is a tenant, Example MSP, and a source that sends an alert every few seconds. Follow the five steps: any site,\n\
         company id, public key and client id will do, and the private key is {GOOD_KEY} ({WEAK_KEY} lacks a permission).\n\
         The tickets are then at {tickets_url}\n\n\
         Nothing is kept. Stop it with Ctrl-C.",
        link.0
    ))?;
    let stopped = until_stopped();
    let sender = send(
        intake.local_addr()?,
        demo.token,
        demo.office.clock,
        stopped.clone(),
    );
    let sender = tokio::spawn(sender);
    let shown = tokio::spawn(listen(tickets, view(demo.psa), None, stopped.clone()));
    let listeners = Listeners {
        intake,
        certificates: None,
        operation: None,
        page: Some(PageListener {
            listener: page,
            page: Page::new(demo.office.clone(), options),
            certificates: None,
        }),
    };
    serve(demo.office, listeners, stopped).await;
    let _ = tokio::join!(sender, shown);
    Ok(())
}

async fn bind(port: u16) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    listener.map_err(|error| {
        format!("cannot listen on port {port}: {error}. Choose other ports with --port").into()
    })
}
