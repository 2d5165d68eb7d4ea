//! The form of a source, new or changed.

use super::*;

/// A field as the form shows it.
struct FieldView {
    name: &'static str,
    label: String,
    hint: String,
    value: String,
    error: String,
    required: bool,
    choices: Vec<Choice>,
    is_address: bool,
}

#[derive(Template)]
#[template(path = "sources/new.html")]
pub(super) struct New {
    page: Page,
    l: Locale,
    /// Number and name of the source that is changed; `None` for a new one.
    of: Option<(i64, String)>,
    kind: &'static str,
    network: Network,
    about: String,
    name: String,
    fields: Vec<FieldView>,
    secret_hint: Option<String>,
    secret_needed: bool,
    keeps: Vec<Choice>,
    faults: Faults,
}

fn field_view(field: &FieldForm, form: &Fields, faults: &Faults, l: &Locale) -> FieldView {
    let value = if form.has(field.name) { form.get(field.name) } else { field.default };
    let choices = match field.shape {
        Shape::Choice(words) => words
            .iter()
            .map(|word| Choice {
                value: (*word).to_owned(),
                label: l.word("source-choice", word),
                chosen: *word == value,
            })
            .collect(),
        _ => Vec::new(),
    };
    FieldView {
        name: field.name,
        label: l.word("source-field", field.name),
        hint: l.find(&format!("source-field-{}-hint", field.name)).unwrap_or_default(),
        value: value.to_owned(),
        error: faults.of(field.name).to_owned(),
        required: field.required,
        choices,
        is_address: field.shape == Shape::Address,
    }
}

pub(super) fn form(visit: &Visit, kind: Kind, form: &Fields, faults: Faults) -> New {
    let l = visit.l.clone();
    let title = l.word("source-kind", kind.name);
    let keep = match form.get("keep") {
        "all" => Keep::All,
        "matching" => Keep::Matching,
        _ if kind.keeps_all => Keep::All,
        _ => Keep::Matching,
    };
    let choice = |value: &str, chosen| Choice {
        value: value.to_owned(),
        label: l.word("sources-keep", value),
        chosen,
    };
    New {
        page: visit.page(l.named("sources-new-title", &title), Some(Room::Sources)),
        of: None,
        kind: kind.name,
        network: kind.network,
        about: l.word("source-about", kind.name),
        name: if form.has("name") { form.get("name").to_owned() } else { title },
        fields: kind.fields.iter().map(|field| field_view(field, form, &faults, &l)).collect(),
        secret_hint: (kind.secret != Secret::No).then(|| l.word("source-secret", kind.name)),
        secret_needed: kind.secret == Secret::Needed,
        keeps: vec![choice("matching", keep == Keep::Matching), choice("all", keep == Keep::All)],
        faults,
        l,
    }
}

pub(super) async fn insert(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let Some(kind) = Kind::parse(fields.get("kind")) else { return Err(Error::new(Code::InvalidInput)) };
    let setup = match kind.setup(&fields, &visit.l) {
        Ok(setup) => setup,
        Err(faults) => return refused(&form(&visit, kind, &fields, faults)),
    };
    let keep = if fields.get("keep") == "all" { Keep::All } else { Keep::Matching };
    let (app, workspace, actor) = (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
    let (name, secret) = (fields.get("name").to_owned(), fields.trimmed("secret").to_owned());
    let added = attempt(move || {
        let secret = (!secret.is_empty()).then_some(secret.as_str());
        workspace.insert_source(&app, &actor, &name, &setup, keep, secret)
    })
    .await?;
    match added {
        Ok(id) => Ok(done_at(&format!("/sources/{id}"), "source-added")),
        Err(error) => {
            let faults = kind.faults(&error, &visit.l).ok_or_else(|| Error::from(error))?;
            refused(&form(&visit, kind, &fields, faults))
        }
    }
}

/// The form of a source that is there; an empty secret leaves the stored one.
fn change_form(visit: &Visit, source: &Source, kind: Kind, fields: &Fields, faults: Faults) -> New {
    let mut new = form(visit, kind, fields, faults);
    let name = plain_line(&source.name);
    new.page = visit.page(new.l.named("sources-edit-title", &name), Some(Room::Sources));
    new.of = Some((source.id, name));
    new.secret_hint = new.secret_hint.map(|hint| match source.has_secret {
        true => new.l.text("sources-edit-secret-hint"),
        false => hint,
    });
    new.secret_needed &= !source.has_secret;
    new
}

async fn find(front: &Front, visit: &Visit, id: i64) -> Result<(Source, Kind), Error> {
    let (views, _, _) = load(front, visit).await?;
    let found = views.into_iter().map(|view| view.source).find(|source| source.id == id);
    let source = found.ok_or_else(|| Error::new(Code::NotFound))?;
    let kind = Kind::of(&source.setup).ok_or_else(|| Error::internal(&"a source of no kind"))?;
    Ok((source, kind))
}

pub(super) async fn change(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let (source, kind) = find(&front, &visit, id).await?;
    let mut pairs = vec![
        ("name".to_owned(), source.name.clone()),
        ("keep".to_owned(), if source.keep == Keep::All { "all" } else { "matching" }.to_owned()),
    ];
    pairs.extend(
        values_of(&source.setup, &kind).into_iter().map(|(field, value)| (field.name.to_owned(), value)),
    );
    shown(&change_form(&visit, &source, kind, &Fields::of(pairs), Faults::default()))
}

pub(super) async fn update(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let (source, kind) = find(&front, &visit, id).await?;
    let setup = match kind.setup(&fields, &visit.l) {
        Ok(setup) => setup,
        Err(faults) => return refused(&change_form(&visit, &source, kind, &fields, faults)),
    };
    let keep = if fields.get("keep") == "all" { Keep::All } else { Keep::Matching };
    let (app, workspace, actor) = (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
    let (name, secret) = (fields.get("name").to_owned(), fields.get("secret").to_owned());
    let changed = attempt(move || {
        let change =
            SourceChange { name: Some(&name), setup: Some(&setup), keep: Some(keep), secret: Some(&secret) };
        workspace.update_source(&app, &actor, id, &change)
    })
    .await?;
    match changed {
        Ok(()) => Ok(done_at(&format!("/sources/{id}"), "source-changed")),
        Err(error) => {
            let faults = kind.faults(&error, &visit.l).ok_or_else(|| Error::from(error))?;
            refused(&change_form(&visit, &source, kind, &fields, faults))
        }
    }
}
