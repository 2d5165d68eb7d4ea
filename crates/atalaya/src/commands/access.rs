//! People and workspaces at the command line.

use super::{Desk, operator, read_secret};
use crate::arguments::{UserCommand, WorkspaceCommand};
use crate::output::{print_json, print_line};
use anyhow::{Context, Result};
use app::Actor;
use app::access::{FirstVisit, NewPerson, NewToken};
use model::handbook::{Brand, BrandHandbook};
use model::{Lang, Permission, Role};

/// People.
pub fn user(desk: &Desk, command: &UserCommand) -> Result<u8> {
    let (app, workspace) = desk.open_workspace()?;
    let (actor, id) = (operator(), workspace.info().id);
    match command {
        UserCommand::List => {
            for member in app.list_members(&actor, id)? {
                let line = format!("{}  {}  {}", member.user.email, member.role.name(), member.user.name);
                if desk.json {
                    print_json(&serde_json::json!({
                        "email": member.user.email, "name": member.user.name, "role": member.role.name(),
                    }))?;
                } else {
                    print_line(&line)?;
                }
            }
        }
        UserCommand::Add { email, name, role } => {
            let role = parse_role(role)?;
            let password = read_secret("password")?;
            let person = NewPerson {
                email: email.clone(),
                name: name.clone(),
                password,
                locale: workspace.info().locale,
                role,
            };
            app.insert_member(&actor, id, &person)?;
            print_line(&format!("{email} is {} of {}", role.name(), workspace.info().name))?;
        }
        UserCommand::Password { email } => {
            app.update_password(&actor, email, &read_secret("new password")?)?;
            print_line("the password is changed and their sessions are ended")?;
        }
        UserCommand::Token { email, name, scopes } => {
            let member = app
                .list_members(&actor, id)?
                .into_iter()
                .find(|member| member.user.email.eq_ignore_ascii_case(email))
                .with_context(|| format!("{email} is not in this workspace"))?;
            let scopes = scopes
                .iter()
                .map(|scope| {
                    Permission::parse(scope).with_context(|| format!("there is no permission «{scope}»"))
                })
                .collect::<Result<Vec<_>>>()?;
            let owner =
                Actor { user: Some(member.user.id), name: member.user.name, role: member.role, scopes: None };
            let token = NewToken { name: name.clone(), scopes, expires_at: None };
            print_line(&app.insert_token(&owner, id, &token)?)?;
        }
    }
    Ok(crate::EXIT_OK)
}

fn parse_role(text: &str) -> Result<Role> {
    Role::parse(text).with_context(|| {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        format!("the role is one of {}", names.join(", "))
    })
}

/// Workspaces.
pub fn workspace(desk: &Desk, command: &WorkspaceCommand) -> Result<u8> {
    let app = desk.open()?;
    let actor = operator();
    match command {
        WorkspaceCommand::List => {
            for workspace in app.list_workspaces(&actor)? {
                let slug = workspace.slug.as_str();
                if desk.json {
                    print_json(
                        &serde_json::json!({"slug": slug, "name": workspace.name, "time_zone": workspace.time_zone}),
                    )?;
                } else {
                    print_line(&format!("{slug}  {}  {}", workspace.name, workspace.time_zone))?;
                }
            }
        }
        WorkspaceCommand::Add { name, time_zone, locale, administrator } => {
            let locale = Lang::parse(locale)?;
            let brand = Brand { names: vec![name.clone()], handles: Vec::new() };
            let handbook = BrandHandbook { brand, ..BrandHandbook::default() };
            let slug = if app.needs_set_up()? {
                let person = NewPerson {
                    email: administrator.clone(),
                    name: String::new(),
                    password: read_secret("password of the administrator")?,
                    locale,
                    role: Role::Administrator,
                };
                let visit = FirstVisit {
                    administrator: person,
                    workspace: name.clone(),
                    time_zone: time_zone.clone(),
                    locale,
                    handbook,
                };
                app.set_up(&visit)?.1
            } else {
                let user = app.find_user(&actor, administrator)?;
                let owner = Actor { user: Some(user.id), ..actor };
                app.insert_workspace(&owner, name, time_zone, locale, &handbook)?
            };
            print_line(&slug)?;
        }
    }
    Ok(crate::EXIT_OK)
}
