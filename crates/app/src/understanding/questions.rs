//! Recurring questions and the team's answers to them.
//!
//! In: an expression and a span; the text of an answer. Out: groups of
//! questions that ask the same, each with the answer that the team has; the
//! answers. Questions are read from posts drawn by lot; how many posts a
//! group has is counted over all by the index, by its own wordings.
//! Errors: [`AppError::Invalid`], [`AppError::NotFound`].
//! Cost: about 40 µs per post read; one small transaction per answer.
//! Limits: [`QUESTIONS_READ_MAX`], [`GROUPS_MAX`], [`ANSWERS_MAX`],
//! [`QUESTION_CHARS_MAX`], [`ANSWER_CHARS_MAX`], [`WORDINGS_MAX`].

use super::topics::Texts;
use crate::listening::{PostView, Span, Workspace, parse_or_all};
use crate::{Actor, AppError};
use analysis::topics::{KnownQuestion, QUESTIONS_METHOD, QUESTIONS_METHOD_VERSION, QuestionGroup, questions};
use model::query::{Expr, Field, Has, parse};
use model::{Intent, Lang, Permission, PostKind};
use std::sync::Arc;
use store::archive::NewAnswer;
use store::index::Labels;

pub use store::archive::FrequentAnswer;

/// Most posts with questions that are read.
pub const QUESTIONS_READ_MAX: usize = 5_000;
/// Most groups told.
pub const GROUPS_MAX: usize = 30;
/// Most examples of a group.
pub const GROUP_EXAMPLES_MAX: usize = 2;
/// Most answers of a workspace.
pub const ANSWERS_MAX: usize = 1_000;
/// Longest question or wording, characters.
pub const QUESTION_CHARS_MAX: usize = 300;
/// Longest answer, characters.
pub const ANSWER_CHARS_MAX: usize = 5_000;
/// Most other wordings of one answer.
pub const WORDINGS_MAX: usize = 20;
/// Most languages of one answer.
pub const LANGUAGES_MAX: usize = 10;

/// Questions that ask the same.
#[derive(Debug, Clone, serde::Serialize)]
pub struct QuestionGroupView {
    /// The most typical of them, as it was written.
    pub text: String,
    /// Its wordings as phrases, the most frequent first.
    pub wordings: Vec<String>,
    /// The expression that finds its posts, within whatever else was asked.
    pub expression: String,
    /// Posts in the span that ask it in one of these wordings.
    pub posts: u64,
    /// Posts in the span by tone: unknown, negative, neutral, positive, mixed.
    pub tones: [u64; 5],
    /// Distinct authors among the posts read.
    pub authors_read: u64,
    /// Typical posts.
    pub examples: Vec<PostView>,
    /// Number and question of the team's answer, if there is one.
    pub answer: Option<i64>,
}

/// The recurring questions of a span.
#[derive(Debug, Clone, serde::Serialize)]
pub struct QuestionsView {
    /// The span asked for, or the last fifth of the data.
    pub span: Span,
    /// Posts with a question in it, without reshares.
    pub total: u64,
    /// Of them, read.
    pub read: u64,
    /// The groups, the most asked first.
    pub groups: Vec<QuestionGroupView>,
    /// Groups found beyond [`GROUPS_MAX`].
    pub more: u64,
    /// The method.
    pub method: &'static str,
    /// Its version.
    pub version: u32,
}

/// What a person writes of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnswerDraft {
    /// The question.
    pub question: String,
    /// What is answered.
    pub answer: String,
    /// Languages of the answer.
    pub languages: Vec<Lang>,
    /// Other ways in which the question is asked.
    pub wordings: Vec<String>,
}

impl AnswerDraft {
    /// White space in order, empty wordings gone; every limit kept.
    fn checked(self) -> Result<Self, AppError> {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let draft = Self {
            question: line(&self.question),
            answer: self.answer.replace("\r\n", "\n").trim().to_owned(),
            languages: unique(self.languages),
            wordings: unique(
                self.wordings.iter().map(|wording| line(wording)).filter(|w| !w.is_empty()).collect(),
            ),
        };
        let fits = |text: &str, max: usize| !text.is_empty() && text.chars().count() <= max;
        if !fits(&draft.question, QUESTION_CHARS_MAX) || !draft.question.chars().any(char::is_alphanumeric) {
            let reason = format!("write a question of 1 to {QUESTION_CHARS_MAX} characters");
            return Err(AppError::invalid("question", reason));
        }
        if !fits(&draft.answer, ANSWER_CHARS_MAX) {
            return Err(AppError::invalid("answer", format!("write 1 to {ANSWER_CHARS_MAX} characters")));
        }
        let long = draft.wordings.iter().any(|wording| wording.chars().count() > QUESTION_CHARS_MAX);
        if draft.wordings.len() > WORDINGS_MAX || long {
            let reason = format!("write at most {WORDINGS_MAX} lines of {QUESTION_CHARS_MAX} characters");
            return Err(AppError::invalid("wordings", reason));
        }
        if draft.languages.len() > LANGUAGES_MAX {
            return Err(AppError::invalid("languages", format!("name at most {LANGUAGES_MAX} languages")));
        }
        Ok(draft)
    }

    fn stored(&self) -> NewAnswer<'_> {
        NewAnswer {
            question: &self.question,
            answer: &self.answer,
            languages: &self.languages,
            wordings: &self.wordings,
        }
    }
}

/// Each once, in the order of the first.
fn unique<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    let mut once: Vec<T> = Vec::with_capacity(list.len());
    for item in list {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

impl Workspace {
    /// The questions that several people ask in a span, with the answers that
    /// the team has; in the last fifth of the data when the span is `None`.
    /// Reshares are left out.
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::Forbidden`].
    pub fn question_groups(
        &self,
        actor: &Actor,
        expression: &str,
        span: Option<Span>,
    ) -> Result<Arc<QuestionsView>, AppError> {
        actor.require(Permission::Read)?;
        let expr = parse_or_all(expression)?;
        let labels = self.labels_for(&[&expr])?;
        let span = self.span_or_last_fifth(span)?;
        let asked = (expression.to_owned(), span);
        let state = self.committed_state();
        let remembers = labels.is_empty();
        if remembers && let Some(answer) = self.topic_answers().questions().find(state, &asked) {
            return Ok(answer);
        }
        let answer = Arc::new(self.find_questions(&expr, &labels, span)?);
        if remembers {
            self.topic_answers().questions().keep(state, asked, &answer);
        }
        Ok(answer)
    }

    fn find_questions(&self, expr: &Expr, labels: &Labels, span: Span) -> Result<QuestionsView, AppError> {
        let asks = Expr::Or(vec![
            Expr::Field(Field::Has(Has::Question)),
            Expr::Field(Field::Intent(Intent::Question)),
        ]);
        let reshare = Expr::Not(Box::new(Expr::Field(Field::Is(PostKind::Reshare))));
        let own = expr.clone().and(asks).and(reshare);
        let read = self.read_texts(&own, labels, span, QUESTIONS_READ_MAX)?;
        let answers = self.archive().list_answers()?;
        let wordings: Vec<Vec<&str>> = answers
            .iter()
            .map(|answer| {
                std::iter::once(answer.question.as_str())
                    .chain(answer.wordings.iter().map(String::as_str))
                    .collect()
            })
            .collect();
        let known: Vec<KnownQuestion<'_>> =
            wordings.iter().map(|wordings| KnownQuestion { wordings }).collect();
        let mut found = questions(&read.documents(), &known);
        let more = found.len().saturating_sub(GROUPS_MAX) as u64;
        found.truncate(GROUPS_MAX);
        Ok(QuestionsView {
            span,
            total: read.total,
            read: read.read(),
            groups: self.count_groups(&found, &own, labels, span, &read, &answers)?,
            more,
            method: QUESTIONS_METHOD,
            version: QUESTIONS_METHOD_VERSION,
        })
    }

    fn count_groups(
        &self,
        found: &[QuestionGroup],
        own: &Expr,
        labels: &Labels,
        span: Span,
        read: &Texts,
        answers: &[FrequentAnswer],
    ) -> Result<Vec<QuestionGroupView>, AppError> {
        let expressions: Vec<String> = found.iter().map(|group| expression_of(&group.wordings)).collect();
        let exprs = expressions
            .iter()
            .map(|expression| Ok(own.clone().and(parse(expression)?)))
            .collect::<Result<Vec<Expr>, AppError>>()?;
        let counts = self.series(&exprs, labels, span)?;
        let mut views = Vec::with_capacity(found.len());
        for ((group, expression), count) in found.iter().zip(expressions).zip(&counts) {
            let examples: Vec<i64> = group
                .documents
                .iter()
                .filter_map(|place| read.list.get(*place).map(|text| text.id))
                .take(GROUP_EXAMPLES_MAX)
                .collect();
            views.push(QuestionGroupView {
                text: group.text.clone(),
                wordings: group.wordings.clone(),
                posts: count.total,
                tones: count.tones.0,
                authors_read: group.authors as u64,
                examples: self.views(&examples, Some(&parse(&expression)?))?,
                answer: group.known.and_then(|place| answers.get(place)).map(|answer| answer.id),
                expression: format!("(has:question OR intent:question) -is:reshare {expression}"),
            });
        }
        Ok(views)
    }

    /// The team's answers in the order in which they were written.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_answers(&self, actor: &Actor) -> Result<Vec<FrequentAnswer>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_answers()?)
    }

    /// One answer, also an archived one.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none.
    pub fn load_answer(&self, actor: &Actor, id: i64) -> Result<FrequentAnswer, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().load_answer(id)?)
    }

    /// Writes an answer.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty or long text; [`AppError::Store`] when
    /// the question has an answer.
    pub fn insert_answer(&self, actor: &Actor, draft: AnswerDraft) -> Result<FrequentAnswer, AppError> {
        actor.require(Permission::EditQueries)?;
        let draft = draft.checked()?;
        if self.archive().list_answers()?.len() >= ANSWERS_MAX {
            let reason = format!("a workspace may hold {ANSWERS_MAX} answers: archive one first");
            return Err(AppError::invalid("question", reason));
        }
        let answer = self.archive().insert_answer(&draft.stored(), actor.user, self.settings().now())?;
        self.topic_answers().forget_questions();
        Ok(answer)
    }

    /// Changes an answer.
    ///
    /// # Errors
    /// As [`Self::insert_answer`]; [`AppError::Store`] when there is none in use.
    pub fn update_answer(
        &self,
        actor: &Actor,
        id: i64,
        draft: AnswerDraft,
    ) -> Result<FrequentAnswer, AppError> {
        actor.require(Permission::EditQueries)?;
        let draft = draft.checked()?;
        let answer = self.archive().update_answer(id, &draft.stored(), actor.user, self.settings().now())?;
        self.topic_answers().forget_questions();
        Ok(answer)
    }

    /// Takes an answer out of use; it stays readable by its number.
    ///
    /// # Errors
    /// [`AppError::Store`] when there is none in use.
    pub fn archive_answer(&self, actor: &Actor, id: i64) -> Result<(), AppError> {
        actor.require(Permission::EditQueries)?;
        self.archive().archive_answer(id, actor.user, self.settings().now())?;
        self.topic_answers().forget_questions();
        Ok(())
    }
}

/// The wordings as phrases, any of them.
fn expression_of(wordings: &[String]) -> String {
    let phrases: Vec<String> = wordings.iter().map(|wording| format!("\"{wording}\"")).collect();
    format!("({})", phrases.join(" OR "))
}
