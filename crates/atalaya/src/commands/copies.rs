//! `atalaya copies`: which records of a file say the same.

use crate::arguments::CopiesOptions;
use crate::output::ProgressLine;
use anyhow::{Context, Result};
use app::understanding::{CopiesOfFile, CopyFileOptions, CopyGroup, find_copies};
use std::fs::File;
use std::io::{BufWriter, Read, Write};

/// Finds the groups of a file and prints one line for each.
pub fn copies(options: &CopiesOptions) -> Result<u8> {
    let name = options.file.display().to_string();
    let input: Box<dyn Read + Send> = if options.file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(&options.file).with_context(|| name.clone())?)
    };
    let mut line = ProgressLine::new();
    let wanted = CopyFileOptions { members: options.members, fragments: options.fragments };
    let found = find_copies(input, wanted, &mut |records| {
        line.show(records, None);
        Ok(())
    });
    line.clear();
    let found = found.with_context(|| name)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    if options.fragments {
        write_fragments(&mut out, &found, options.csv)?
    } else {
        write_groups(&mut out, &found, options.csv)?
    }
    out.flush()?;
    drop(out);
    if found.passages_left_out > 0 {
        eprintln!(
            "atalaya: passages of {} more texts were not remembered; cut the file into parts",
            found.passages_left_out
        );
    }
    let copies: u64 = found.groups.iter().map(|group| group.size).sum();
    eprintln!("{} records, {} in {} groups", found.records, copies, found.groups.len());
    Ok(crate::EXIT_OK)
}

fn write_groups(out: &mut impl Write, found: &CopiesOfFile, csv: bool) -> Result<()> {
    if csv {
        writeln!(out, "first,size,kind,exact,edited,similarity_min,earliest,latest,span_s,members,text")?;
    }
    for group in &found.groups {
        if csv {
            writeln!(out, "{}", row_of(group))?;
        } else {
            write_json(out, group)?;
        }
    }
    Ok(())
}

fn row_of(group: &CopyGroup) -> String {
    let members: Vec<String> = group.members.iter().map(name_of).collect();
    let cells = [
        quoted(&name_of(&group.first)),
        group.size.to_string(),
        group.kind.to_owned(),
        group.exact.to_string(),
        group.edited.to_string(),
        format!("{:.2}", group.similarity_min),
        group.earliest.clone().unwrap_or_default(),
        group.latest.clone().unwrap_or_default(),
        group.span_s.map(|span| span.to_string()).unwrap_or_default(),
        quoted(&members.join(" ")),
        quoted(&group.text),
    ];
    cells.join(",")
}

fn write_fragments(out: &mut impl Write, found: &CopiesOfFile, csv: bool) -> Result<()> {
    if csv {
        writeln!(out, "id,of,share_of_earlier,share")?;
    }
    for fragment in &found.fragments {
        if csv {
            let (id, of) = (quoted(&name_of(&fragment.id)), quoted(&name_of(&fragment.of)));
            writeln!(out, "{id},{of},{:.2},{:.2}", fragment.share_of_earlier, fragment.share)?;
        } else {
            write_json(out, fragment)?;
        }
    }
    Ok(())
}

fn write_json(out: &mut impl Write, value: &impl serde::Serialize) -> Result<()> {
    // Through a text: a writer that is closed must stay an I/O error.
    writeln!(out, "{}", serde_json::to_string(value)?)?;
    Ok(())
}

fn name_of(id: &serde_json::Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
