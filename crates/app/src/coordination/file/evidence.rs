//! What a search of plain files found, as tables for a spreadsheet.
//!
//! In: what was observed, the groups, their report. Out: CSV of members, of
//! pairs, of acts; no cell is a formula. Errors: those of writing.
//! Cost: a pass over the groups, or over the actions of the traces that speak for one.

use crate::coordination::detect::{Detection, Tie};
use crate::coordination::observed::Observed;
use crate::coordination::report::id_of;
use crate::coordination::report::views::{MemberView, Report};
use crate::coordination::workspace::acts::{JOINT_MIN, is_tested, shown};
use crate::spreadsheet::csv_row;
use model::Trace;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Result, Write};

/// A number with so many decimals; nothing is −0.
fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// What is told of each account of a group in tables, in the order of [`member_cells`].
pub const MEMBER_COLUMNS: [&str; 13] = [
    "account",
    "handle",
    "name",
    "created_at",
    "followers",
    "posts",
    "pairs",
    "handles",
    "joint_posts",
    "declared",
    "signs",
    "signs_log_odds",
    "group_signs",
];

/// The cells of an account; what is not known is empty.
pub fn member_cells(member: &MemberView) -> [String; 13] {
    let signs: Vec<&str> = member.signs.found.iter().map(|found| found.sign.as_ref()).collect();
    [
        member.account.clone(),
        member.handle.clone().unwrap_or_default(),
        member.name.clone().unwrap_or_default(),
        member.created_at.clone().unwrap_or_default(),
        member.followers.map(|count| count.to_string()).unwrap_or_default(),
        member.posts.to_string(),
        member.pairs.to_string(),
        member.handles.join(" "),
        member.joint_posts.to_string(),
        member.declared.map(|declared| declared.to_string()).unwrap_or_default(),
        signs.join(" "),
        number(member.signs.total, 2),
        member.signs.takes_part.join(" "),
    ]
}

/// Writes the accounts of all groups.
///
/// # Errors
/// Those of writing.
pub fn write_members(report: &Report, out: &mut dyn Write) -> Result<()> {
    out.write_all(csv_row(["group", "strength"].into_iter().chain(MEMBER_COLUMNS)).as_bytes())?;
    for group in &report.groups {
        for member in &group.members {
            let of_group = [group.id.clone(), group.strength.name().to_owned()];
            out.write_all(csv_row(of_group.into_iter().chain(member_cells(member))).as_bytes())?;
        }
    }
    Ok(())
}

/// What the halves of the objects say of a pair in one trace.
#[derive(Default)]
struct Edge {
    halves: u32,
    together: u64,
    expected: f64,
    joint: u64,
    ln_p: f64,
}

impl Edge {
    fn add(&mut self, tie: &Tie) {
        self.halves += 1;
        self.together += u64::from(tie.pair.together);
        self.expected += f64::from(tie.pair.expected);
        self.joint += u64::from(tie.pair.joint);
        self.ln_p = self.ln_p.min(f64::from(tie.ln_p));
    }
}

/// Writes the pairs that tie the groups of a report: one row for each pair and
/// trace. Where both halves of the objects tie it, counts are summed and the
/// lower `ln_p` stands.
///
/// # Errors
/// Those of writing.
pub fn write_edges(
    observed: &Observed,
    detection: &Detection,
    report: &Report,
    out: &mut dyn Write,
) -> Result<()> {
    let columns = [
        "group",
        "account_a",
        "handle_a",
        "account_b",
        "handle_b",
        "trace",
        "halves",
        "together",
        "expected",
        "joint_objects",
        "ln_p",
    ];
    out.write_all(csv_row(columns).as_bytes())?;
    for found in &detection.groups {
        let mut members = found.members.clone();
        members.sort_unstable();
        let id = id_of(observed, &members);
        if !report.groups.iter().any(|group| group.id == id) {
            continue;
        }
        let mut edges: BTreeMap<(Trace, u32, u32), Edge> = BTreeMap::new();
        for tie in &found.ties {
            let (a, b) = (tie.pair.a.min(tie.pair.b), tie.pair.a.max(tie.pair.b));
            edges.entry((tie.trace, a, b)).or_default().add(tie);
        }
        for ((trace, a, b), edge) in edges {
            let end = |account: u32| {
                let handle = observed.handle(account).unwrap_or_default();
                [observed.accounts.name(account).to_owned(), handle]
            };
            let [[account_a, handle_a], [account_b, handle_b]] = [end(a), end(b)];
            let row = [
                id.clone(),
                account_a,
                handle_a,
                account_b,
                handle_b,
                trace.name().to_owned(),
                edge.halves.to_string(),
                edge.together.to_string(),
                number(edge.expected, 3),
                edge.joint.to_string(),
                number(edge.ln_p, 2),
            ];
            out.write_all(csv_row(row).as_bytes())?;
        }
    }
    Ok(())
}

/// Writes everybody's acts on the objects on which two members of a group
/// acted, in the traces that speak for that group. Rows come by trace, object
/// and time; the object has the name that it has in the tables of shares.
///
/// # Errors
/// Those of writing.
pub fn write_actions(observed: &Observed, report: &Report, out: &mut dyn Write) -> Result<()> {
    let columns = ["trace", "object_id", "object", "half", "account", "member", "post", "time_s", "group"];
    out.write_all(csv_row(columns).as_bytes())?;
    let mut group_of: HashMap<u32, usize> = HashMap::new();
    for (at, group) in report.groups.iter().enumerate() {
        let members = group.members.iter().filter_map(|member| observed.accounts.find(&member.account));
        group_of.extend(members.map(|member| (member, at)));
    }
    for (trace, seen) in &observed.traces {
        let tested: BTreeSet<usize> = report
            .groups
            .iter()
            .enumerate()
            .filter_map(|(at, group)| is_tested(group, *trace).then_some(at))
            .collect();
        if tested.is_empty() {
            continue;
        }
        let mut written = Ok(());
        seen.each_block(&mut |block| {
            for acts in block.chunk_by(|one, other| one.action.object == other.action.object) {
                let mut members: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
                for account in acts.iter().map(|act| act.action.account) {
                    if let Some(group) = group_of.get(&account).filter(|group| tested.contains(group)) {
                        members.entry(*group).or_default().insert(account);
                    }
                }
                if written.is_err() || members.values().all(|members| members.len() < JOINT_MIN) {
                    continue;
                }
                let Some(object) = acts.first().map(|act| act.action.object) else { continue };
                let posts = || acts.iter().filter_map(|act| observed.posts.get(act.post));
                let words =
                    || posts().map(|post| observed.posts.excerpt(&post)).find(|text| !text.is_empty());
                let id = seen.objects.name(object);
                let name = shown(*trace, id.clone(), words);
                let half = u8::from(seen.objects.is_held_out(object)) + 1;
                for act in acts {
                    let group = group_of.get(&act.action.account).and_then(|at| report.groups.get(*at));
                    let post = observed.posts.get(act.post).map(|post| observed.posts.id(&post));
                    let row = csv_row([
                        trace.name(),
                        &id,
                        &name,
                        &half.to_string(),
                        observed.accounts.name(act.action.account),
                        if group.is_some() { "true" } else { "false" },
                        &post.unwrap_or_default(),
                        &act.action.time.to_string(),
                        group.map_or("", |group| group.id.as_str()),
                    ]);
                    if written.is_ok() {
                        written = out.write_all(row.as_bytes());
                    }
                }
            }
        });
        written?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_minus_zero() {
        for (value, expected) in
            [(-0.0, "0.00"), (-0.001, "0.00"), (-0.01, "-0.01"), (0.0, "0.00"), (-12.345, "-12.35")]
        {
            assert_eq!(number(value, 2), expected);
        }
    }
}
