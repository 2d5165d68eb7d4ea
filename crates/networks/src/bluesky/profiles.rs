//! Names of accounts that a stream knows by identifier only.
//!
//! In: DIDs. Out: account records of `app.bsky.actor.getProfiles`, asked
//! without log-in. Errors: [`FetchError`]. Limits: [`PROFILES_MAX`] a request,
//! the lexicon's own.

use super::read_profile;
use crate::listening::{Batch, Client, Collector, FetchError, Request, now};
use model::AccountKey;

/// Most profiles of one request.
pub const PROFILES_MAX: usize = 25;

/// Fetches the profiles of these accounts from an AppView such as
/// `https://public.api.bsky.app`. Accounts that are gone are left out.
///
/// # Errors
/// [`FetchError`]; an address that is none is [`FetchError::ForbiddenAddress`].
pub async fn fetch_profiles(
    client: &Client,
    service: &str,
    accounts: &[AccountKey],
) -> Result<Batch, FetchError> {
    let address = format!("{}/xrpc/app.bsky.actor.getProfiles", service.trim_end_matches('/'));
    let url = client.http_address(&address).map_err(|_| FetchError::ForbiddenAddress(service.to_owned()))?;
    let actors = accounts.iter().take(PROFILES_MAX).map(|account| ("actors", account.native_id.as_str()));
    let answer = client.fetch(Request::get(url).query(actors)).await?.accept()?;
    let mut into = Collector::default();
    let at = into.arrival(now());
    into.take(read_profile(&answer.body, at));
    Ok(into.finish(None))
}
