//! The command line: one definition gives parser, help, completions and manual.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Atalaya, the watchtower: listens to what is said about your brand.
#[derive(Debug, Parser)]
#[command(name = "atalaya", version, about, max_term_width = 100, propagate_version = true)]
pub struct Arguments {
    /// Data folder.
    #[arg(long, global = true, env = "ATALAYA_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Workspace to work on; not needed when there is only one.
    #[arg(long, short = 'w', global = true, env = "ATALAYA_WORKSPACE", value_name = "NAME")]
    pub workspace: Option<String>,
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub json: bool,
    /// Private addresses that sources may be on, such as 127.0.0.1 or 10.0.0.0/8.
    #[arg(long, global = true, env = "ATALAYA_ALLOW_PRIVATE", value_name = "ADDRESS", value_delimiter = ',')]
    pub allow_private: Vec<String>,
    /// How networks can reach you (e-mail or page); goes into the user agent.
    #[arg(long, global = true, env = "ATALAYA_CONTACT", default_value = "", value_name = "TEXT")]
    pub contact: String,
    /// Server that names the Bluesky accounts of which a stream tells only the identifier; empty leaves them nameless.
    #[arg(
        long,
        global = true,
        env = "ATALAYA_BLUESKY_PROFILES",
        default_value = "https://public.api.bsky.app",
        value_name = "URL"
    )]
    pub bluesky_profiles: String,
    /// Folder of a tone model of your own: model.onnx, tokenizer.json, config.json.
    #[arg(long, global = true, env = "ATALAYA_TONE_MODEL", value_name = "DIR")]
    pub tone_model: Option<PathBuf>,
    /// Memory that a search for coordinated groups keeps to, such as 512MiB or 4GiB; the rest goes to temporary files.
    #[arg(
        long,
        visible_alias = "memory",
        global = true,
        env = "ATALAYA_COORDINATION_MEMORY",
        default_value = "1GiB",
        value_name = "SIZE",
        value_parser = crate::commands::coordination::bytes
    )]
    pub coordination_memory: u64,
    /// What is logged: error, warn, info, debug, or a filter of tracing.
    #[arg(long, global = true, env = "ATALAYA_LOG", default_value = "warn", value_name = "FILTER")]
    pub log: String,
    /// Log as JSON lines.
    #[arg(long, global = true, env = "ATALAYA_LOG_JSON")]
    pub log_json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the program: pages, API, and listening.
    Serve(ServeOptions),
    /// Start with a generated world, so that every page has something to show.
    Demo(DemoOptions),
    /// Read files (or - for standard input) into a workspace.
    Import(ImportOptions),
    /// Search the archive.
    Search(SearchOptions),
    /// What a rule noticed, the newest first; stop the server before.
    Alerts(crate::commands::alerts::AlertsOptions),
    /// Take posts out as CSV or Parquet, with a manifest.
    Export(ExportOptions),
    /// Saved queries.
    Query {
        /// What to do with them.
        #[command(subcommand)]
        command: QueryCommand,
    },
    /// Live sources.
    Source {
        /// What to do with them.
        #[command(subcommand)]
        command: SourceCommand,
    },
    /// People.
    User {
        /// What to do with them.
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Workspaces.
    Workspace {
        /// What to do with them.
        #[command(subcommand)]
        command: WorkspaceCommand,
    },
    /// Copy all databases to a new folder.
    Backup {
        /// The new folder.
        to: PathBuf,
    },
    /// Make the data folder from a backup; the folder must be empty or new.
    Restore {
        /// The folder of the backup.
        from: PathBuf,
    },
    /// Drop everything derived and compute it again from what was received.
    Rebuild,
    /// Remove everything received from one account.
    Erase(EraseOptions),
    /// Settings in force.
    Config {
        /// Show or check.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Analyse texts of a file (JSON Lines or CSV with id and text), without a workspace.
    Text {
        /// Which analysis.
        #[command(subcommand)]
        command: TextCommand,
    },
    /// Find copies and edited copies among the texts of a file, without a workspace.
    Copies(CopiesOptions),
    /// Find the same picture among files, also changed ones, without a workspace.
    Images(ImagesOptions),
    /// Groups of accounts that act as one, in files, without a workspace.
    Coordination {
        /// Detect, or write the graph.
        #[command(subcommand)]
        command: crate::commands::coordination::CoordinationCommand,
    },
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write manual pages.
    Manual {
        /// Folder to write them to.
        to: PathBuf,
    },
}

/// Options of `serve`.
#[derive(Debug, Args, Clone)]
pub struct ServeOptions {
    /// Address to listen on.
    #[arg(long, env = "ATALAYA_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: std::net::SocketAddr,
    /// Address under which people reach it, when that is another (behind a proxy), such as https://atalaya.example.org.
    #[arg(long, env = "ATALAYA_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct DemoOptions {
    /// Where to listen.
    #[command(flatten)]
    pub serve: ServeOptions,
    /// Posts of the generated past.
    #[arg(long, default_value_t = 20_000, value_name = "COUNT")]
    pub posts: u64,
    /// Seed of the world: the same seed gives the same world.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub struct ImportOptions {
    /// Files; - is standard input. gz and zst are read as they are.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Format of the records, when it cannot be detected.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// Column of a field: --map author=user_screen_name, repeatable.
    #[arg(long, value_name = "FIELD=COLUMN")]
    pub map: Vec<String>,
    /// Network of rows that name none.
    #[arg(long, value_name = "NETWORK")]
    pub network: Option<String>,
    /// Language of rows that name none.
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// Write rejected items to this file, with line and reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// Options of `search`.
#[derive(Debug, Args)]
pub struct SearchOptions {
    /// The query, for example: "café acme" NEAR/5 mal* lang:es
    pub expression: String,
    /// Most posts.
    #[arg(long, default_value_t = 20)]
    pub limit: usize,
    /// Order of the posts.
    #[arg(long, value_enum, default_value_t = SearchOrder::Newest)]
    pub order: SearchOrder,
    /// Only count.
    #[arg(long)]
    pub count: bool,
}

/// Orders of a search.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SearchOrder {
    /// Newest first.
    Newest,
    /// Oldest first.
    Oldest,
    /// Most engagement first.
    Engagement,
    /// Most followers first.
    Followers,
    /// Most negative first.
    Negative,
    /// Most positive first.
    Positive,
}

/// Options of `export`.
#[derive(Debug, Args)]
pub struct ExportOptions {
    /// The query; everything when it is left out.
    #[arg(default_value = "")]
    pub expression: String,
    /// Form of the file.
    #[arg(long, value_enum, default_value_t = ExportForm::Csv)]
    pub format: ExportForm,
    /// Copy file and manifest into this folder.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

/// Forms of an export.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ExportForm {
    /// Comma-separated values.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// What to do with queries.
#[derive(Debug, Subcommand)]
pub enum QueryCommand {
    /// List them with their mentions.
    List,
    /// Add one.
    Add {
        /// Its name.
        name: String,
        /// The expression.
        expression: String,
        /// own_brand, competitor, market or topic.
        #[arg(long, default_value = "topic")]
        purpose: String,
    },
    /// Change the expression of one.
    Set {
        /// Its number.
        id: i64,
        /// The new expression.
        expression: String,
    },
    /// Archive one.
    Archive {
        /// Its number.
        id: i64,
    },
    /// Check an expression without saving it.
    Check {
        /// The expression.
        expression: String,
    },
}

/// Which posts of a source are kept.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KeepWhich {
    /// Those that a query matches.
    Matching,
    /// All of them.
    All,
}

/// What to do with sources.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// List them with their health.
    List,
    /// Add one: its setup as JSON, such as {"kind":"feed","url":"https://example.org/feed"}.
    Add {
        /// Its name.
        name: String,
        /// Its setup as JSON.
        setup: String,
        /// Keep every post, not only those that a query matches.
        #[arg(long)]
        keep_all: bool,
        /// Read the secret (password, token, key) from standard input.
        #[arg(long)]
        secret: bool,
    },
    /// Change one; what is not given stays as it is.
    Set {
        /// Its number.
        id: i64,
        /// Its new name.
        #[arg(long)]
        name: Option<String>,
        /// Its new setup as JSON, of the same kind as before.
        #[arg(long, value_name = "JSON")]
        setup: Option<String>,
        /// Which posts are kept: matching or all.
        #[arg(long, value_enum, value_name = "WHICH")]
        keep: Option<KeepWhich>,
        /// Read a new secret (password, token, key) from standard input.
        #[arg(long)]
        secret: bool,
    },
    /// Pause one.
    Pause {
        /// Its number.
        id: i64,
    },
    /// Let one go on.
    Resume {
        /// Its number.
        id: i64,
    },
    /// Remove one; its posts stay.
    Remove {
        /// Its number.
        id: i64,
    },
}

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List the people of the workspace.
    List,
    /// Add one; the password is read from standard input.
    Add {
        /// E-mail.
        email: String,
        /// Name to show.
        #[arg(long, default_value = "")]
        name: String,
        /// administrator, director, spokesperson, agent or viewer.
        #[arg(long, default_value = "agent")]
        role: String,
    },
    /// Give a new password, read from standard input; ends their sessions.
    Password {
        /// E-mail.
        email: String,
    },
    /// Make an API token; its secret is printed once.
    Token {
        /// E-mail of the person it belongs to.
        email: String,
        /// Its name.
        #[arg(long, default_value = "command line")]
        name: String,
        /// What it may do: read, label, export, edit_queries, edit_sources, edit_data, edit_people.
        #[arg(long = "scope", value_name = "PERMISSION", default_value = "read")]
        scopes: Vec<String>,
    },
}

/// What to do with workspaces.
#[derive(Debug, Subcommand)]
pub enum WorkspaceCommand {
    /// List them.
    List,
    /// Add one.
    Add {
        /// Its name, which is the brand's too.
        name: String,
        /// IANA time zone.
        #[arg(long, default_value = "America/Panama")]
        time_zone: String,
        /// es or en.
        #[arg(long, default_value = "es")]
        locale: String,
        /// E-mail of its administrator, who must exist unless the installation is new.
        #[arg(long)]
        administrator: String,
    },
}

/// Options of `erase`.
#[derive(Debug, Args)]
pub struct EraseOptions {
    /// The account as network:identifier, as on its page.
    pub account: String,
    /// Never take its posts again.
    #[arg(long)]
    pub bar: bool,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
}

/// Show or check settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show them.
    Show,
    /// Check settings, databases and index.
    Check,
}

/// Analyses of a plain file.
#[derive(Debug, Subcommand)]
pub enum TextCommand {
    /// Language of each text.
    Language(TextOptions),
    /// Tone of each text, with the words that weighed.
    Sentiment(SentimentOptions),
    /// What the writer wants (complaint, question, request …) and how urgent it is.
    Intent(TextOptions),
    /// Whether it offends, and whom: none, swearing, person, group.
    Offence(TextOptions),
    /// Main emotion.
    Emotion(TextOptions),
    /// Ten signs of a scam, each with the words that betray it.
    Scam(TextOptions),
}

/// Options of `text sentiment`.
#[derive(Debug, Args)]
pub struct SentimentOptions {
    /// The file and its form.
    #[command(flatten)]
    pub file: TextOptions,
    /// Tone toward this name, handle or hashtag; repeat it for other spellings of the same.
    #[arg(long = "target", value_name = "NAME")]
    pub targets: Vec<String>,
    /// Judge with the model of this folder: model.onnx, tokenizer.json, config.json.
    #[arg(long, value_name = "DIR", conflicts_with = "targets")]
    pub model: Option<PathBuf>,
}

/// Options of `text`.
#[derive(Debug, Args)]
pub struct TextOptions {
    /// JSON Lines or CSV with id and text; - is standard input.
    pub file: PathBuf,
    /// Write CSV instead of JSON Lines.
    #[arg(long)]
    pub csv: bool,
}

/// Options of `copies`.
#[derive(Debug, Args)]
pub struct CopiesOptions {
    /// JSON Lines or CSV with text, and if there are id and time; gz and zst are read as they are; - is standard input.
    pub file: PathBuf,
    /// Write CSV instead of JSON Lines.
    #[arg(long)]
    pub csv: bool,
    /// List the members of each group.
    #[arg(long)]
    pub members: bool,
    /// List texts that hold a passage of an earlier, different one, instead of the groups.
    #[arg(long, conflicts_with = "members")]
    pub fragments: bool,
}

/// Options of `images`.
#[derive(Debug, Args)]
pub struct ImagesOptions {
    /// Pictures (JPEG, PNG, GIF, WebP), videos (by key frames, when ffmpeg is installed) and folders.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write CSV instead of JSON Lines.
    #[arg(long)]
    pub csv: bool,
    /// Most frames looked at of a video, one per second.
    #[arg(long, default_value_t = 120, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub frames: u32,
}
