//! What can be asked of the index, and the shapes of its answers.

use model::query::Expr;
use model::{Emotion, Intent, Lang, Network, Offence, PostKind, Timestamp, Tone};
use std::collections::HashMap;

/// Most hits of one page of [`SearchRequest`].
pub const SEARCH_LIMIT_MAX: usize = 1_000;
/// Examples that [`super::IndexReader::sample`] gives.
pub const SAMPLE_POSTS: usize = 10;
/// Most entries of one list of an [`Overview`].
pub const TOP_N_MAX: usize = 100;
/// Most expressions in one [`super::IndexReader::compare`].
pub const COMPARE_MAX: usize = 50;

/// Record ids by folded label: labels are set by people after indexing, so
/// each request brings those that its expression asks about (see [`Expr::labels`]).
pub type Labels = HashMap<String, Vec<i64>>;

/// Order of the hits of a search. Hits without the value come last; equal
/// values are ordered newest first, then by falling id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// By time, newest first.
    #[default]
    Newest,
    /// By time, oldest first (equal times by rising id).
    Oldest,
    /// Most engagement when received first.
    Engagement,
    /// Most followers of the author when received first.
    Followers,
    /// Lowest tone score first.
    MostNegative,
    /// Highest tone score first.
    MostPositive,
}

/// The place after a hit. Pages stay stable while posts are added: the next
/// page holds what follows this place, whatever came in before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SearchCursor {
    /// The value that orders (0 for orders by time, or when missing).
    pub value: u64,
    /// False when the hit lacks the value that orders.
    pub known: bool,
    /// Its time.
    pub time: Timestamp,
    /// Its record id.
    pub id: i64,
}

impl SearchCursor {
    /// As text for an address: `value.known.time.id`.
    pub fn to_text(self) -> String {
        format!("{}.{}.{}.{}", self.value, u8::from(self.known), self.time.millis(), self.id)
    }

    /// Reads [`Self::to_text`] back; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let value = parts.next()?.parse::<u64>().ok()?;
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (known, time, id) = (number()?, number()?, number()?);
        let complete = parts.next().is_none() && (0..=1).contains(&known);
        complete.then_some(Self { value, known: known == 1, time: Timestamp::from_millis(time), id })
    }
}

/// A search for posts.
#[derive(Debug, Clone, Copy)]
pub struct SearchRequest<'a> {
    /// What must match (put `since:`/`until:` into it for a span of time).
    pub expr: &'a Expr,
    /// Record ids of the labels that the expression asks about.
    pub labels: &'a Labels,
    /// Order of the hits.
    pub order: Order,
    /// Most hits, at most [`SEARCH_LIMIT_MAX`].
    pub limit: usize,
    /// Only what follows this place.
    pub after: Option<SearchCursor>,
}

/// One post that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hit {
    /// Its record id.
    pub id: i64,
    /// Its time.
    pub time: Timestamp,
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchPage {
    /// The hits in the order asked for.
    pub hits: Vec<Hit>,
    /// The place after the last hit; `None` when nothing follows.
    pub next: Option<SearchCursor>,
    /// All posts that match, on whatever page; exact.
    pub total: u64,
}

/// A question about all posts that match.
#[derive(Debug, Clone, Copy)]
pub struct OverviewRequest<'a> {
    /// What must match.
    pub expr: &'a Expr,
    /// Record ids of the labels that the expression asks about.
    pub labels: &'a Labels,
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
    /// Entries of each list, at most [`TOP_N_MAX`].
    pub top_n: usize,
}

/// Posts by tone, indexed by [`Tone::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ToneCounts(pub [u64; 5]);

impl ToneCounts {
    /// Posts of this tone.
    pub fn of(&self, tone: Tone) -> u64 {
        self.0.get(usize::from(tone.code())).copied().unwrap_or(0)
    }

    /// Posts of any tone.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// Volume of one hour (UTC). Hours without posts are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HourVolume {
    /// Its first instant.
    pub start: Timestamp,
    /// Posts by tone.
    pub tones: ToneCounts,
}

/// The most frequent values of something, falling by count, equal counts by value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// Values with the number of posts that have them. The counts are always exact.
    pub entries: Vec<Counted>,
    /// False when the tail of the list may lack a value with about as many
    /// posts as its last entries: only when very many values have few posts each.
    pub exact: bool,
}

impl Default for Top {
    fn default() -> Self {
        Self { entries: Vec::new(), exact: true }
    }
}

/// A value and how many posts have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Counted {
    /// The value.
    pub value: String,
    /// Posts.
    pub posts: u64,
}

/// An author with many posts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TopAuthor {
    /// `network:native id`.
    pub key: String,
    /// Matching posts.
    pub posts: u64,
    /// Greatest number of followers seen on these posts; `None` when never known.
    pub followers_max: Option<u64>,
}

/// The most frequent authors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopAuthors {
    /// Falling by posts, equal counts by key.
    pub entries: Vec<TopAuthor>,
    /// As [`Top::exact`].
    pub exact: bool,
}

impl Default for TopAuthors {
    fn default() -> Self {
        Self { entries: Vec::new(), exact: true }
    }
}

/// What the matching posts are, in numbers. Lists of few kinds hold only what
/// occurs, falling by count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// Matching posts in the span.
    pub total: u64,
    /// Time of the oldest and newest of them.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Volume per hour, rising by time.
    pub hours: Vec<HourVolume>,
    /// Posts by tone.
    pub tones: ToneCounts,
    /// Posts by network.
    pub networks: Vec<(Network, u64)>,
    /// Posts by network and tone.
    pub network_tones: Vec<(Network, ToneCounts)>,
    /// Posts by language; `None` is unknown.
    pub languages: Vec<(Option<Lang>, u64)>,
    /// Posts by kind.
    pub kinds: Vec<(PostKind, u64)>,
    /// Posts by intent; a post may have several.
    pub intents: Vec<(Intent, u64)>,
    /// Posts by whom they offend; `Unknown` is where the method abstained.
    pub offences: Vec<(Offence, u64)>,
    /// Posts by main emotion; `Unknown` is where the method abstained.
    pub emotions: Vec<(Emotion, u64)>,
    /// Posts by urgency in hundredths, rising; `None` is unknown.
    pub urgencies: Vec<(Option<u8>, u64)>,
    /// Posts by source.
    pub sources: Vec<(i64, u64)>,
    /// Posts by country; posts without one are not in it.
    pub countries: Top,
    /// Posts without a country.
    pub country_missing: u64,
    /// The most frequent authors.
    pub authors: TopAuthors,
    /// Hashtags (folded).
    pub hashtags: Top,
    /// Hosts of links.
    pub domains: Top,
    /// Links.
    pub links: Top,
    /// Tagged accounts (folded handles).
    pub tagged: Top,
    /// Newest posts that hold a question, newest first.
    pub questions_newest: Vec<Hit>,
    /// Posts that hold a question with the most engagement first; unknown engagement left out.
    pub questions_engagement: Vec<Hit>,
    /// Posts that hold a question.
    pub questions_total: u64,
    /// Posts with the most engagement first; unknown engagement left out.
    pub top_posts: Vec<Hit>,
    /// Sum of the known engagement.
    pub engagement_total: u64,
    /// Posts whose engagement is unknown.
    pub engagement_missing: u64,
    /// Posts whose network date was missing or implausible (placed at the time of receipt).
    pub time_implausible: u64,
}

/// Volume of one expression of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series {
    /// Matching posts in the span.
    pub total: u64,
    /// Posts by tone.
    pub tones: ToneCounts,
    /// Volume per hour, rising by time.
    pub hours: Vec<HourVolume>,
}

/// A question about the cascades of copies among the posts that match.
#[derive(Debug, Clone, Copy)]
pub struct CascadesRequest<'a> {
    /// What must match.
    pub expr: &'a Expr,
    /// Record ids of the labels that the expression asks about.
    pub labels: &'a Labels,
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
    /// Most cascades, at most [`TOP_N_MAX`].
    pub top_n: usize,
}

/// A cascade with its members among the posts asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CascadeCount {
    /// Record id of the post that began it.
    pub cascade: i64,
    /// Members, at least two.
    pub posts: u64,
}

/// A comparison of expressions, for share of voice.
#[derive(Debug, Clone, Copy)]
pub struct CompareRequest<'a> {
    /// The expressions, at most [`COMPARE_MAX`].
    pub exprs: &'a [Expr],
    /// Record ids of the labels that the expressions ask about.
    pub labels: &'a Labels,
    /// Not earlier than this.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
}
