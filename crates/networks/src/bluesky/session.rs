//! Requests to an AT Protocol service, logged in where an account is given.
//!
//! In: service, identifier and app password. Out: answers. Errors: [`FetchError`].
//! Source: atproto.com/specs/xrpc and the lexicons `com.atproto.server.*`.

use crate::listening::{Answer, Client, FetchError, Request, SetupError};
use serde::Deserialize;
use url::Url;

/// A service with the account to use there, if any.
pub(super) struct Session {
    service: Url,
    account: Option<(String, String)>,
    tokens: Option<Tokens>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Tokens {
    access_jwt: String,
    refresh_jwt: String,
}

#[derive(Deserialize)]
struct XrpcError {
    error: String,
}

impl Session {
    /// A session that logs in on its first request; without an identifier it never does.
    pub(super) fn new(
        client: &Client,
        service: &str,
        identifier: &str,
        password: Option<&str>,
    ) -> Result<Self, SetupError> {
        let service = client.http_address(service)?;
        let identifier = identifier.trim().trim_start_matches('@');
        let account = match (identifier, password) {
            ("", _) => None,
            (_, None) => return Err(SetupError::SecretMissing("an app password")),
            (name, Some(password)) => Some((name.to_owned(), password.to_owned())),
        };
        Ok(Self { service, account, tokens: None })
    }

    pub(super) const fn is_logged_in(&self) -> bool {
        self.account.is_some()
    }

    fn address(&self, method: &str) -> Url {
        let mut url = self.service.clone();
        url.set_path(&format!("/xrpc/{method}"));
        url.set_query(None);
        url
    }

    /// Asks a query method; renews an expired session once.
    pub(super) async fn query(
        &mut self,
        client: &Client,
        method: &str,
        pairs: &[(&str, &str)],
    ) -> Result<Answer, FetchError> {
        let request = Request::get(self.address(method)).query(pairs.iter().copied());
        if self.account.is_none() {
            return client.fetch(request).await?.accept();
        }
        let tokens = match self.tokens.clone() {
            Some(tokens) => tokens,
            None => self.log_in(client).await?,
        };
        let answer = client.fetch(request.clone().bearer(&tokens.access_jwt)).await?;
        if !is_expired(&answer) {
            return answer.accept();
        }
        let tokens = self.renew(client, &tokens).await?;
        client.fetch(request.bearer(&tokens.access_jwt)).await?.accept()
    }

    async fn log_in(&mut self, client: &Client) -> Result<Tokens, FetchError> {
        let Some((identifier, password)) = &self.account else { return Err(FetchError::Unauthorized) };
        let body = serde_json::json!({ "identifier": identifier, "password": password });
        let url = self.address("com.atproto.server.createSession");
        let answer = client.fetch(Request::post_json(url, &body).hide(password)).await?;
        let tokens: Tokens = match answer.status {
            400 | 403 => return Err(FetchError::Unauthorized),
            _ => answer.accept()?.json()?,
        };
        self.tokens = Some(tokens.clone());
        Ok(tokens)
    }

    async fn renew(&mut self, client: &Client, old: &Tokens) -> Result<Tokens, FetchError> {
        self.tokens = None;
        let url = self.address("com.atproto.server.refreshSession");
        // Refreshing is a POST without a body.
        let request = Request::post_form(url, &[]).without_body().bearer(&old.refresh_jwt);
        let answer = client.fetch(request).await?;
        if !(200..300).contains(&answer.status) {
            return self.log_in(client).await;
        }
        let tokens: Tokens = answer.json()?;
        self.tokens = Some(tokens.clone());
        Ok(tokens)
    }
}

fn is_expired(answer: &Answer) -> bool {
    let word = || answer.json::<XrpcError>().map(|body| body.error).unwrap_or_default();
    match answer.status {
        401 => true,
        400 => matches!(word().as_str(), "ExpiredToken" | "InvalidToken"),
        _ => false,
    }
}
