//! One post with everything about it, and one author.

use super::derive::{Judgement, LanguageStatement, explain_language};
use super::explore::{ExploreRequest, Explored, PostView};
use super::overview::{OverviewView, Span};
use super::queries::missing;
use super::workspace::Workspace;
use crate::understanding::{CorrectionView, Reading, ScamCheck, SeenBefore, targets_of};
use crate::{Actor, AppError};
use analysis::matching::Scratch;
use model::listening::SavedQuery;
use model::query::{Expr, Field};
use model::{Account, AccountKey, NativeId, Network, Permission, RecordKey, RecordKind};
use store::index::{Labels, Order, SearchRequest};

/// Most ancestors of a post that are shown.
const ANCESTORS_MAX: usize = 20;
/// Most replies of a thread that are shown.
const REPLIES_MAX: usize = 100;

/// A post with its thread and everything derived, with method and evidence.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PostPage {
    /// The post.
    pub view: PostView,
    /// What it answers, the oldest first; those that we hold.
    pub ancestors: Vec<PostView>,
    /// Other posts of its thread, oldest first; those that we hold.
    pub thread: Vec<PostView>,
    /// Its language.
    pub language: Judgement<LanguageStatement>,
    /// What it says and wants, as the method reads it.
    pub reading: Reading,
    /// What people decided instead; it stands above the method.
    pub corrections: Vec<CorrectionView>,
    /// The scam signs in it, if there are any.
    pub scam: Option<ScamCheck>,
    /// What is known of its text from before, when it is not the only one of its kind.
    pub seen_before: Option<SeenBefore>,
    /// The queries that it is a mention of.
    pub queries: Vec<SavedQuery>,
    /// The record as received, lossy UTF-8.
    pub raw: String,
    /// The format of the record.
    pub format: &'static str,
}

/// An author with what they said here.
#[derive(Debug, Clone, serde::Serialize)]
pub struct AuthorPage {
    /// The account as its newest post describes it.
    pub account: Account,
    /// Figures of their posts.
    pub overview: OverviewView,
    /// Their newest posts.
    pub posts: Explored,
}

impl Workspace {
    /// A post by its record id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not or no longer there.
    pub fn load_post(&self, actor: &Actor, id: i64) -> Result<PostPage, AppError> {
        actor.require(Permission::Read)?;
        let record =
            self.archive().load_records(&[id])?.into_iter().next().ok_or_else(|| missing("post", id))?;
        let view = self.views(&[id], None)?.into_iter().next().ok_or_else(|| missing("post", id))?;
        let derived = self.derive(&view)?;
        let labels: Vec<String> = view.labels.iter().map(|label| model::text::fold(label)).collect();
        let compiled = self.compiled();
        let mut scratch = Scratch::default();
        let found = compiled.matcher.matches(&derived.document(&labels), &mut scratch);
        let queries = compiled
            .queries
            .iter()
            .filter(|(query, _)| found.contains(&query.id.unsigned_abs()))
            .map(|(query, _)| query.clone())
            .collect();
        let language = explain_language(&derived.text);
        let (handbook, _) = self.archive().load_handbook()?;
        let reading = Reading::of(&derived.text, &self.taught(), &targets_of(&handbook));
        let corrections = self.archive().corrections_of(id)?.into_iter().map(CorrectionView::from).collect();
        let scam = self.scam_of(&derived.text, Some((&view.post.author, view.time)), Some(id))?;
        let seen_before = self.seen_before(&view)?;
        let ancestors = self.ancestors(&view)?;
        let thread = self.thread(&view, &ancestors)?;
        Ok(PostPage {
            ancestors,
            thread,
            language,
            reading,
            corrections,
            scam: Some(scam).filter(|scam| !scam.signs.value.is_empty()),
            seen_before,
            queries,
            raw: String::from_utf8_lossy(&record.raw.body).into_owned(),
            format: record.raw.format.name(),
            view,
        })
    }

    /// An author by key, with the figures of their posts.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when we hold none of their posts.
    pub fn load_author(&self, actor: &Actor, key: &str, span: Option<Span>) -> Result<AuthorPage, AppError> {
        actor.require(Permission::Read)?;
        let account = self.account_of(key)?.ok_or_else(|| missing("author", key))?;
        let expression = author_expression(&account.key);
        let overview = self.overview(actor, &expression, span)?;
        let posts =
            self.explore(actor, &ExploreRequest { expression, limit: 25, ..ExploreRequest::default() })?;
        Ok(AuthorPage { account, overview, posts })
    }

    fn ancestors(&self, view: &PostView) -> Result<Vec<PostView>, AppError> {
        let mut chain: Vec<PostView> = Vec::new();
        let mut parent = view.post.reply_to.clone().or_else(|| view.post.shared.clone());
        while let Some(id) = parent.take() {
            if chain.len() >= ANCESTORS_MAX || chain.iter().any(|seen| seen.post.key.native_id == id) {
                break;
            }
            let Some(found) = self.find_view(view.post.key.network, &id)? else { break };
            parent = found.post.reply_to.clone();
            chain.push(found);
        }
        chain.reverse();
        Ok(chain)
    }

    /// Posts that share the thread's root, without those already shown.
    fn thread(&self, view: &PostView, ancestors: &[PostView]) -> Result<Vec<PostView>, AppError> {
        let root = match (&view.post.thread_root, ancestors.first()) {
            (Some(root), _) => root.clone(),
            (None, Some(first)) => first.post.key.native_id.clone(),
            (None, None) => view.post.key.native_id.clone(),
        };
        let expr = Expr::Field(Field::Thread(format!("{}:{root}", view.post.key.network.name())));
        let page = self.index().search(&SearchRequest {
            expr: &expr,
            labels: &Labels::new(),
            order: Order::Oldest,
            limit: REPLIES_MAX,
            after: None,
        })?;
        let shown = |id: &i64| *id == view.id || ancestors.iter().any(|seen| seen.id == *id);
        let ids: Vec<i64> = page.hits.iter().map(|hit| hit.id).filter(|id| !shown(id)).collect();
        self.views(&ids, None)
    }

    fn find_view(&self, network: Network, id: &NativeId) -> Result<Option<PostView>, AppError> {
        let key = RecordKey::of(RecordKind::Post, network, id);
        match self.archive().find_record_id(key)? {
            Some(id) => Ok(self.views(&[id], None)?.into_iter().next()),
            None => Ok(None),
        }
    }
}

/// The expression that finds an author's posts.
fn author_expression(key: &AccountKey) -> String {
    format!("author:\"{}\"", key.to_text().replace('"', ""))
}
