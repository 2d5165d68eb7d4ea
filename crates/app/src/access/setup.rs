//! The first visit: administrator, workspace, brand handbook, first queries.

use super::Actor;
use super::people::NewPerson;
use super::secret::hash_password;
use crate::listening::NAME_CHARS_MAX;
use crate::{App, AppError};
use model::handbook::{Brand, BrandHandbook, HANDBOOK_ENTRY_CHARS_MAX, HANDBOOK_LIST_MAX};
use model::listening::Purpose;
use model::text::Tokens;
use model::{Lang, Role};
use store::instance::{NewUser, NewWorkspace, Slug};

/// What the first visit asks.
#[derive(Debug, Clone)]
pub struct FirstVisit {
    /// The administrator; the role is ignored.
    pub administrator: NewPerson,
    /// Name of the workspace.
    pub workspace: String,
    /// IANA time zone such as `America/Panama`.
    pub time_zone: String,
    /// Language of the workspace's pages: es or en.
    pub locale: Lang,
    /// The handbook.
    pub handbook: BrandHandbook,
}

impl App {
    /// True until the first visit is done.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn needs_set_up(&self) -> Result<bool, AppError> {
        Ok(!self.instance().is_set_up()?)
    }

    /// Makes administrator, workspace, handbook and first queries: the secret
    /// of a session and the workspace's slug.
    ///
    /// # Errors
    /// [`AppError::AlreadySetUp`], [`AppError::Invalid`] with the field.
    pub fn set_up(&self, visit: &FirstVisit) -> Result<(String, String), AppError> {
        if !self.needs_set_up()? {
            return Err(AppError::AlreadySetUp);
        }
        check_handbook(&visit.handbook)?;
        check_first_queries(&visit.handbook)?;
        if jiff::tz::TimeZone::get(&visit.time_zone).is_err() {
            return Err(AppError::invalid("time_zone", "write an IANA name such as America/Panama"));
        }
        let person = &visit.administrator;
        if !person.email.contains('@') {
            return Err(AppError::invalid("email", "write an e-mail address such as ana@example.org"));
        }
        let hash = hash_password(&person.password)?;
        let name = if person.name.trim().is_empty() { &person.email } else { &person.name };
        let user = NewUser { email: &person.email, name, password_hash: &hash, locale: person.locale };
        let workspace = NewWorkspace {
            slug: &slug_of(&visit.workspace)?,
            name: visit.workspace.trim(),
            time_zone: &visit.time_zone,
            locale: visit.locale,
        };
        let (user, workspace) = self.instance().set_up(&user, &workspace, self.now())?;
        self.fill_workspace(workspace.slug.as_str(), user.id, &visit.handbook)?;
        Ok((self.open_session(user.id)?, workspace.slug.as_str().to_owned()))
    }

    /// Adds a workspace to an installation that is set up: its slug.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub fn insert_workspace(
        &self,
        actor: &Actor,
        name: &str,
        time_zone: &str,
        locale: Lang,
        handbook: &BrandHandbook,
    ) -> Result<String, AppError> {
        actor.require(model::Permission::EditPeople)?;
        check_handbook(handbook)?;
        let new = NewWorkspace { slug: &slug_of(name)?, name: name.trim(), time_zone, locale };
        let workspace = self.instance().insert_workspace(&new, self.now())?;
        if let Some(user) = actor.user {
            self.instance().update_membership(user, workspace.id, Role::Administrator)?;
        }
        self.fill_workspace(workspace.slug.as_str(), actor.user.unwrap_or_default(), handbook)?;
        Ok(workspace.slug.as_str().to_owned())
    }

    fn fill_workspace(&self, slug: &str, user: i64, handbook: &BrandHandbook) -> Result<(), AppError> {
        let workspace = self.workspace(slug)?;
        let actor = Actor { user: (user > 0).then_some(user), ..Actor::operator() };
        workspace.update_handbook(&actor, handbook)?;
        for (name, purpose, expression) in first_queries(handbook) {
            workspace.insert_query(&actor, &name, purpose, &expression)?;
        }
        Ok(())
    }
}

/// Folder and address name of a workspace: letters and digits of its name.
fn slug_of(name: &str) -> Result<Slug, AppError> {
    let words: Vec<String> = Tokens::of(name).iter().map(|(word, _)| word.replace('ñ', "n")).collect();
    let mut slug = words.join("-");
    slug.retain(|c| c.is_ascii_alphanumeric() || c == '-');
    slug.truncate(40);
    Slug::parse(slug.trim_matches('-'))
        .map_err(|_| AppError::invalid("workspace", "write a name with letters, such as «Café Acme»"))
}

/// Refuses lists and texts past their limits.
pub(crate) fn check_handbook(handbook: &BrandHandbook) -> Result<(), AppError> {
    let mut lists: Vec<&[String]> =
        vec![&handbook.brand.names, &handbook.brand.handles, &handbook.market_words];
    for competitor in &handbook.competitors {
        lists.push(&competitor.names);
        lists.push(&competitor.handles);
    }
    let too_many = lists.iter().any(|list| list.len() > HANDBOOK_LIST_MAX)
        || handbook.competitors.len() > HANDBOOK_LIST_MAX;
    if too_many {
        return Err(AppError::invalid("handbook", format!("a list may hold {HANDBOOK_LIST_MAX} entries")));
    }
    let too_long =
        lists.iter().flat_map(|list| list.iter()).any(|e| e.chars().count() > HANDBOOK_ENTRY_CHARS_MAX);
    if too_long {
        return Err(AppError::invalid(
            "handbook",
            format!("an entry may hold {HANDBOOK_ENTRY_CHARS_MAX} characters"),
        ));
    }
    if brand_expression(&handbook.brand).is_none() {
        return Err(AppError::invalid("brand", "write at least one name of the brand"));
    }
    Ok(())
}

/// Refuses brands whose queries could not be saved, before anything is made.
fn check_first_queries(handbook: &BrandHandbook) -> Result<(), AppError> {
    let mut seen = std::collections::HashSet::new();
    for (name, _, _) in first_queries(handbook) {
        if name.chars().count() > NAME_CHARS_MAX {
            return Err(AppError::invalid(
                "brand",
                format!("the first name may hold {NAME_CHARS_MAX} characters"),
            ));
        }
        if !seen.insert(model::text::fold(&name)) {
            return Err(AppError::invalid(
                "competitors",
                format!("«{name}» is there twice: give each brand its own name"),
            ));
        }
    }
    Ok(())
}

/// The queries that a handbook asks for: name, purpose, expression.
pub fn first_queries(handbook: &BrandHandbook) -> Vec<(String, Purpose, String)> {
    let mut queries = Vec::new();
    let mut push = |brand: &Brand, purpose| {
        if let (Some(expression), Some(name)) = (brand_expression(brand), brand.names.first()) {
            queries.push((name.trim().to_owned(), purpose, expression));
        }
    };
    push(&handbook.brand, Purpose::OwnBrand);
    for competitor in &handbook.competitors {
        push(competitor, Purpose::Competitor);
    }
    let market: Vec<String> = handbook.market_words.iter().filter_map(|word| phrase(word)).collect();
    if !market.is_empty() {
        queries.push(("Mercado".to_owned(), Purpose::Market, market.join(" OR ")));
    }
    queries
}

/// Names as phrases, names without spaces as hashtags too, handles as tagged accounts.
fn brand_expression(brand: &Brand) -> Option<String> {
    let mut parts: Vec<String> = brand.names.iter().filter_map(|name| phrase(name)).collect();
    for handle in &brand.handles {
        let handle = handle.trim().trim_start_matches('@');
        if !handle.is_empty() && !handle.contains(|c: char| c.is_whitespace() || c == '"') {
            parts.push(format!("@{handle}"));
        }
    }
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join(" OR "))
}

/// A name as a phrase of the query language, if it holds a letter.
fn phrase(name: &str) -> Option<String> {
    let plain = name.replace(['"', '“', '”', '«', '»'], " ");
    let plain = plain.trim().trim_start_matches('=');
    (!Tokens::of(plain).is_empty()).then(|| format!("\"{}\"", plain.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handbook_writes_queries_that_parse() {
        let handbook = BrandHandbook {
            brand: Brand { names: vec!["Café \"Acme\"".into()], handles: vec!["@AcmeOficial".into()] },
            competitors: vec![Brand { names: vec!["Beta, S.A.".into()], handles: vec![] }],
            market_words: vec!["cafetería".into(), "!!!".into()],
            ..BrandHandbook::default()
        };
        let queries = first_queries(&handbook);
        assert_eq!(queries.len(), 3);
        for (name, _, expression) in &queries {
            assert!(model::query::parse(expression).is_ok(), "{name}: {expression}");
        }
        assert!(check_handbook(&BrandHandbook::default()).is_err());
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug_of("Café Acme · Panamá").unwrap().as_str(), "cafe-acme-panama");
        assert!(slug_of("!!!").is_err());
    }
}
