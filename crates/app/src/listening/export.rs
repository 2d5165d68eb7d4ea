//! Posts taken out for machines: CSV or Parquet, with a manifest beside it.
//!
//! In: an expression. Out: a file in the workspace's exports folder and
//! `FILE.manifest.json` that says what it is. Rows are in order of time.
//! A missing value is an empty cell (CSV) or null (Parquet), never zero.
//! Cost: about 20 µs per post; memory of [`ROW_GROUP`] posts.
//! Limits: exports are removed after [`EXPORT_DAYS`] days, and by any erasure.

use super::explore::{PostView, parse_or_all};
use super::workspace::Workspace;
use crate::spreadsheet::defused;
use crate::{Actor, AppError};
use model::time::DAY_MS;
use model::{Known, Permission, Timestamp};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, FloatType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufWriter, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::archive::Archive;

/// Posts of one Parquet row group, and read at once.
const ROW_GROUP: usize = 5_000;
/// Days that an export is held.
const EXPORT_DAYS: i64 = 7;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated, UTF-8 with a header line.
    Csv,
    /// Apache Parquet, zstd.
    Parquet,
}

impl ExportFormat {
    /// The ending of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// What lies beside an export and says what it is.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Manifest {
    /// The expression that chose the posts; empty for all.
    pub expression: String,
    /// When it was made.
    pub made_at: String,
    /// The program and its version.
    pub made_by: String,
    /// Rows.
    pub rows: u64,
    /// Columns in order.
    pub columns: Vec<&'static str>,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Methods behind derived columns: column, method, version.
    pub methods: Vec<(&'static str, &'static str, u32)>,
    /// True when cells that a spreadsheet would run as a formula were given a leading `'`.
    pub formulas_defused: bool,
}

/// A finished export.
#[derive(Debug, Clone)]
pub struct ExportReport {
    /// Number in the list of exports.
    pub id: i64,
    /// The file.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

/// A cell.
enum Cell {
    Text(Option<String>),
    Count(Option<i64>),
    Ratio(Option<f32>),
    Flag(Option<bool>),
}

/// The columns: name, and its value of a post.
const COLUMNS: &[(&str, fn(&PostView) -> Cell)] = &[
    ("record_id", |v| Cell::Count(Some(v.id))),
    ("network", |v| text(v.post.key.network.name())),
    ("id", |v| text(v.post.key.native_id.as_str())),
    ("time", |v| text(&v.time.to_string())),
    ("time_plausible", |v| Cell::Flag(Some(v.time_plausible))),
    ("fetched_at", |v| text(&v.fetched_at.to_string())),
    ("kind", |v| text(v.post.kind.name())),
    ("author_id", |v| text(v.post.author.key.native_id.as_str())),
    ("author", |v| Cell::Text(v.post.author.handle.clone())),
    ("author_name", |v| Cell::Text(v.post.author.name.clone())),
    ("followers", |v| count(v.post.author.followers)),
    ("title", |v| Cell::Text(v.post.title.clone())),
    ("text", |v| text(&v.post.text)),
    ("language", |v| Cell::Text(v.language.map(|lang| lang.as_str().to_owned()))),
    ("tone", |v| text(v.tone.name())),
    ("tone_score", |v| Cell::Ratio(v.tone_score)),
    ("likes", |v| count(v.post.metrics.likes)),
    ("replies", |v| count(v.post.metrics.replies)),
    ("reshares", |v| count(v.post.metrics.reshares)),
    ("quotes", |v| count(v.post.metrics.quotes)),
    ("views", |v| count(v.post.metrics.views)),
    ("url", |v| Cell::Text(v.post.url.clone())),
    ("reply_to", |v| Cell::Text(v.post.reply_to.as_ref().map(|id| id.as_str().to_owned()))),
    ("shared", |v| Cell::Text(v.post.shared.as_ref().map(|id| id.as_str().to_owned()))),
    ("hashtags", |v| list(&v.post.hashtags)),
    ("links", |v| list(&v.post.links)),
    ("country", |v| Cell::Text(v.post.country.clone())),
    ("labels", |v| list(&v.labels)),
    ("source", |v| Cell::Count(Some(v.source))),
];

fn text(text: &str) -> Cell {
    Cell::Text(Some(text.to_owned()))
}

fn list(items: &[String]) -> Cell {
    Cell::Text((!items.is_empty()).then(|| items.join(" ")))
}

fn count(value: Known<u64>) -> Cell {
    Cell::Count(value.get().and_then(|count| i64::try_from(count).ok()))
}

impl Workspace {
    /// Exports the posts that match. `progress` gets the rows so far.
    ///
    /// # Errors
    /// [`AppError::Query`], [`AppError::File`]; a half-written file is removed.
    pub fn export(
        &self,
        actor: &Actor,
        expression: &str,
        format: ExportFormat,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ExportReport, AppError> {
        actor.require(Permission::Export)?;
        let _alone = self.tasks().alone();
        progress(0);
        let now = self.settings().now();
        let folder = self.exports_folder();
        std::fs::create_dir_all(&folder).map_err(|error| AppError::file(&folder, error))?;
        let name = self.export_name(now, format)?;
        let path = folder.join(&name);
        match self.write_export(&path, expression, format, now, progress) {
            Ok(manifest) => {
                let id =
                    self.archive().insert_export(&name, now.plus(EXPORT_DAYS * DAY_MS), actor.user, now)?;
                let details =
                    serde_json::json!({"export": id, "rows": manifest.rows, "expression": expression});
                self.archive().record_audit(actor.user, "export", &details, now)?;
                Ok(ExportReport { id, path, manifest })
            }
            Err(error) => {
                // The first error is the one to tell.
                let _ = std::fs::remove_file(&path);
                Err(error)
            }
        }
    }

    /// The exports still held.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_exports(&self, actor: &Actor) -> Result<Vec<store::archive::ExportFile>, AppError> {
        actor.require(Permission::Export)?;
        Ok(self.archive().list_exports()?)
    }

    /// The file of an export still held.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub fn find_export(&self, actor: &Actor, id: i64) -> Result<PathBuf, AppError> {
        let found = self.list_exports(actor)?.into_iter().find(|export| export.id == id);
        let export = found.ok_or_else(|| super::queries::missing("export", id))?;
        Ok(self.exports_folder().join(export.file_name))
    }

    fn export_name(&self, now: Timestamp, format: ExportFormat) -> Result<String, AppError> {
        let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
        let held = self.archive().list_exports()?;
        (0..)
            .map(|n| {
                if n == 0 {
                    format!("atalaya-{stamp}.{}", format.extension())
                } else {
                    format!("atalaya-{stamp}-{n}.{}", format.extension())
                }
            })
            .find(|name| !held.iter().any(|export| export.file_name == *name))
            .ok_or_else(|| AppError::invalid("export", "no free name"))
    }

    fn write_export(
        &self,
        path: &Path,
        expression: &str,
        format: ExportFormat,
        now: Timestamp,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Manifest, AppError> {
        let expr = parse_or_all(expression)?;
        let file = File::create(path).map_err(|error| AppError::file(path, error))?;
        let mut writer = Writer::new(format, file).map_err(|error| AppError::file(path, error))?;
        let mut ids = Vec::new();
        self.index().scan(&expr, &self.labels_for(&[&expr])?, |hit| {
            ids.push(hit.id);
            ControlFlow::Continue(())
        })?;
        let mut rows = 0;
        for chunk in ids.chunks(ROW_GROUP) {
            let views = self.views(chunk, None)?;
            writer.write(&views).map_err(|error| AppError::file(path, error))?;
            rows += views.len() as u64;
            progress(rows);
        }
        writer.close().map_err(|error| AppError::file(path, error))?;
        let manifest = Manifest {
            expression: expression.to_owned(),
            made_at: now.to_string(),
            made_by: concat!("atalaya ", env!("CARGO_PKG_VERSION")).to_owned(),
            rows,
            columns: COLUMNS.iter().map(|(name, _)| *name).collect(),
            sha256: hash_file(path)?,
            methods: vec![
                ("language", analysis::language::METHOD, analysis::language::METHOD_VERSION),
                ("tone", analysis::sentiment::METHOD, analysis::sentiment::METHOD_VERSION),
            ],
            formulas_defused: format == ExportFormat::Csv,
        };
        let manifest_path = PathBuf::from(format!("{}.manifest.json", path.display()));
        let json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
        std::fs::write(&manifest_path, json).map_err(|error| AppError::file(&manifest_path, error))?;
        Ok(manifest)
    }
}

/// Removes what an earlier run of the program left half written: files of the
/// exports folder that no export names.
pub(super) fn clear_half_written(folder: &Path, archive: &Archive) -> Result<(), AppError> {
    let exports = folder.join("exports");
    let entries = match std::fs::read_dir(&exports) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(AppError::file(&exports, error)),
    };
    let held = archive.list_exports()?;
    for entry in entries {
        let path = entry.map_err(|error| AppError::file(&exports, error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let of = name.strip_suffix(".manifest.json").unwrap_or(&name);
        if !held.iter().any(|export| export.file_name == of) {
            std::fs::remove_file(&path).map_err(|error| AppError::file(&path, error))?;
        }
    }
    Ok(())
}

/// A file that is being written.
enum Writer {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Box<SerializedFileWriter<File>>),
}

impl Writer {
    fn new(format: ExportFormat, file: File) -> std::io::Result<Self> {
        match format {
            ExportFormat::Csv => {
                let mut writer = csv::Writer::from_writer(BufWriter::new(file));
                writer.write_record(COLUMNS.iter().map(|(name, _)| *name))?;
                Ok(Self::Csv(Box::new(writer)))
            }
            ExportFormat::Parquet => {
                let schema = Arc::new(parse_message_type(&parquet_schema())?);
                let level = ZstdLevel::try_new(3)?;
                let properties =
                    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
                Ok(Self::Parquet(Box::new(SerializedFileWriter::new(file, schema, Arc::new(properties))?)))
            }
        }
    }

    fn write(&mut self, views: &[PostView]) -> std::io::Result<()> {
        match self {
            Self::Csv(writer) => {
                for view in views {
                    writer.write_record(COLUMNS.iter().map(|(_, value)| csv_cell(value(view))))?;
                }
                Ok(())
            }
            Self::Parquet(writer) => {
                let mut group = writer.next_row_group()?;
                for (_, value) in COLUMNS {
                    write_column(&mut group, views.iter().map(value).collect())?;
                }
                group.close()?;
                Ok(())
            }
        }
    }

    fn close(self) -> std::io::Result<()> {
        match self {
            Self::Csv(writer) => {
                let file = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
                file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
            }
            Self::Parquet(writer) => writer.into_inner()?.sync_all(),
        }
    }
}

/// A cell as text, [`defused`]; the manifest says so.
fn csv_cell(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => defused(&text.unwrap_or_default()).into_owned(),
        Cell::Count(value) => value.map(|value| value.to_string()).unwrap_or_default(),
        Cell::Ratio(value) => value.map(|value| value.to_string()).unwrap_or_default(),
        Cell::Flag(value) => value.map(|value| value.to_string()).unwrap_or_default(),
    }
}

/// One kind of column for each kind of cell; the kind is that of the column's
/// function, so an empty view tells it.
fn parquet_schema() -> String {
    let mut schema = String::from("message atalaya {\n");
    for (name, _) in COLUMNS {
        let kind = match *name {
            "record_id" | "source" | "followers" | "likes" | "replies" | "reshares" | "quotes" | "views" => {
                "int64"
            }
            "tone_score" => "float",
            "time_plausible" => "boolean",
            _ => "binary",
        };
        let logical = if kind == "binary" { " (UTF8)" } else { "" };
        schema.push_str(&format!("  optional {kind} {name}{logical};\n"));
    }
    schema.push('}');
    schema
}

fn write_column(group: &mut SerializedRowGroupWriter<'_, File>, cells: Vec<Cell>) -> std::io::Result<()> {
    let Some(mut column) = group.next_column()? else {
        return Err(std::io::Error::other("the schema has fewer columns than the rows"));
    };
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(is_there(cell))).collect();
    match cells.first() {
        Some(Cell::Text(_)) | None => {
            let values: Vec<ByteArray> = cells
                .into_iter()
                .filter_map(|cell| {
                    if let Cell::Text(Some(text)) = cell { Some(text.into_bytes().into()) } else { None }
                })
                .collect();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
        Some(Cell::Count(_)) => {
            let values: Vec<i64> = cells
                .iter()
                .filter_map(|cell| if let Cell::Count(value) = cell { *value } else { None })
                .collect();
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        Some(Cell::Ratio(_)) => {
            let values: Vec<f32> = cells
                .iter()
                .filter_map(|cell| if let Cell::Ratio(value) = cell { *value } else { None })
                .collect();
            column.typed::<FloatType>().write_batch(&values, Some(&levels), None)?;
        }
        Some(Cell::Flag(_)) => {
            let values: Vec<bool> = cells
                .iter()
                .filter_map(|cell| if let Cell::Flag(value) = cell { *value } else { None })
                .collect();
            column.typed::<BoolType>().write_batch(&values, Some(&levels), None)?;
        }
    }
    column.close()?;
    Ok(())
}

fn is_there(cell: &Cell) -> bool {
    match cell {
        Cell::Text(value) => value.is_some(),
        Cell::Count(value) => value.is_some(),
        Cell::Ratio(value) => value.is_some(),
        Cell::Flag(value) => value.is_some(),
    }
}

fn hash_file(path: &Path) -> Result<String, AppError> {
    let wrong = |error| AppError::file(path, error);
    let mut file = File::open(path).map_err(wrong)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer).map_err(wrong)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
