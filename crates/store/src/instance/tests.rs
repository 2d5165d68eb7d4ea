use super::*;
use crate::StoreError;
use model::{Lang, Permission, Role};
use serde_json::json;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_772_366_400_000);
const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

fn ana() -> NewUser<'static> {
    NewUser { email: "Ana@Example.org", name: "Ana", password_hash: HASH, locale: Lang::ES }
}

fn instance() -> (TempDir, Instance, User, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let instance = Instance::open(&folder.path().join("data"), NOW).unwrap();
    assert!(!instance.is_set_up().unwrap());
    let slug = Slug::parse("agua-clara").unwrap();
    let workspace =
        NewWorkspace { slug: &slug, name: "Agua Clara", time_zone: "America/Panama", locale: Lang::ES };
    let (user, workspace) = instance.set_up(&ana(), &workspace, NOW).unwrap();
    (folder, instance, user, workspace)
}

#[test]
fn set_up_happens_once_and_makes_an_administrator() {
    let (_folder, instance, user, workspace) = instance();
    assert!(instance.is_set_up().unwrap());
    assert_eq!(instance.find_role(user.id, workspace.id).unwrap(), Some(Role::Administrator));
    let slug = Slug::parse("otra").unwrap();
    let second = NewWorkspace { slug: &slug, name: "Otra", time_zone: "UTC", locale: Lang::EN };
    let eva = NewUser { email: "eva@example.org", ..ana() };
    assert!(matches!(instance.set_up(&eva, &second, NOW), Err(StoreError::Taken { .. })));
    assert_eq!(instance.list_workspaces().unwrap(), [workspace]);
    assert_eq!(instance.count_users().unwrap(), 1);
}

#[test]
fn an_address_is_one_in_any_case() {
    let (_folder, instance, user, _) = instance();
    assert_eq!(instance.find_user(" ANA@example.ORG ").unwrap(), Some(user.clone()));
    let twin = NewUser { email: "ana@EXAMPLE.org", ..ana() };
    assert!(matches!(instance.insert_user(&twin, NOW), Err(StoreError::Taken { .. })));
    for email in ["", "ana", "@x", "a b@x", "ana@"] {
        let refused = instance.insert_user(&NewUser { email, ..ana() }, NOW);
        assert!(matches!(refused, Err(StoreError::Invalid { .. })), "{email}");
    }
    let plain = NewUser { email: "x@y", password_hash: "hunter2", ..ana() };
    assert!(matches!(instance.insert_user(&plain, NOW), Err(StoreError::Invalid { .. })));
    assert_eq!(instance.load_password_hash(user.id).unwrap(), HASH);
    instance.update_user(user.id, "Ana María", Lang::EN).unwrap();
    assert_eq!(instance.load_user(user.id).unwrap().locale, Lang::EN);
    assert!(matches!(instance.update_user(user.id, "Ana", Lang::PT), Err(StoreError::Invalid { .. })));
}

#[test]
fn a_slug_hides_no_path() {
    for text in ["", "..", "a/b", "A", "ñ", "-a", "a-", "a\0", "a b", &"a".repeat(41)] {
        assert!(Slug::parse(text).is_err(), "{text:?}");
    }
    let (folder, instance, _, workspace) = instance();
    let expected = folder.path().join("data/workspaces/agua-clara");
    assert_eq!(instance.workspace_folder(&workspace.slug), expected);
    assert_eq!(instance.find_workspace(&workspace.slug).unwrap(), Some(workspace.clone()));
    assert!(instance.update_workspace(workspace.id, "Nueva", "Marte/Olimpo", Lang::ES).is_err());
    instance.update_workspace(workspace.id, "Nueva", "Europe/Madrid", Lang::EN).unwrap();
    assert_eq!(instance.list_workspaces().unwrap()[0].time_zone, "Europe/Madrid");
}

#[test]
fn sessions_end_when_they_must() {
    let (_folder, instance, user, _) = instance();
    let open = |byte: u8| {
        let expires_at = NOW.plus(1_000);
        let session = NewSession { token_hash: &[byte; 32], user: user.id, csrf: "c", expires_at };
        instance.insert_session(&session, NOW).unwrap();
    };
    let found = |byte: u8, at| instance.find_session(&[byte; 32], at).unwrap().is_some();
    open(1);
    open(2);
    instance.touch_session(&[1; 32], NOW.plus(500)).unwrap();
    let session = instance.find_session(&[1; 32], NOW.plus(999)).unwrap().unwrap();
    assert_eq!((session.user.id, session.last_seen_at), (user.id, NOW.plus(500)));
    assert!(!found(1, NOW.plus(1_000)), "expired");
    assert!(!found(9, NOW), "unknown");
    instance.remove_session(&[1; 32]).unwrap();
    assert!(!found(1, NOW) && found(2, NOW));
    instance.update_password_hash(user.id, HASH).unwrap();
    assert!(!found(2, NOW), "a new password ends sessions");
    open(3);
    instance.update_user_disabled(user.id, true).unwrap();
    assert!(!found(3, NOW), "a disabled user has no session");
    instance.update_user_disabled(user.id, false).unwrap();
    open(4);
    assert_eq!(instance.remove_expired_sessions(NOW.plus(2_000)).unwrap(), 1);
    assert_eq!(instance.remove_sessions_of(user.id).unwrap(), 0);
}

#[test]
fn tokens_carry_scopes_and_never_show_their_hash() {
    let (_folder, instance, user, workspace) = instance();
    let new = NewToken {
        token_hash: &[7; 32],
        name: "panel",
        user: user.id,
        workspace: workspace.id,
        scopes: &[Permission::Export, Permission::Read, Permission::Read],
        expires_at: Some(NOW.plus(1_000)),
    };
    let id = instance.insert_token(&new, NOW).unwrap();
    instance.touch_token(id, NOW.plus(5)).unwrap();
    let token = instance.find_token(&[7; 32], NOW).unwrap().unwrap();
    assert_eq!(token.scopes, [Permission::Read, Permission::Export]);
    assert_eq!(token.last_used_at, Some(NOW.plus(5)));
    assert_eq!(instance.find_token(&[7; 32], NOW.plus(1_000)).unwrap(), None, "expired");
    let nothing = NewToken { scopes: &[], token_hash: &[8; 32], ..new };
    assert!(matches!(instance.insert_token(&nothing, NOW), Err(StoreError::Invalid { .. })));
    instance.update_user_disabled(user.id, true).unwrap();
    assert_eq!(instance.find_token(&[7; 32], NOW).unwrap(), None, "disabled");
    instance.update_user_disabled(user.id, false).unwrap();
    assert_eq!(instance.list_tokens(workspace.id).unwrap(), [token]);
    instance.remove_membership(user.id, workspace.id).unwrap();
    assert_eq!(instance.list_tokens(workspace.id).unwrap(), [], "they go with the membership");
    assert!(matches!(instance.remove_token(id), Err(StoreError::Missing { .. })));
}

#[test]
fn memberships_give_one_role_per_workspace() {
    let (_folder, instance, ana, workspace) = instance();
    let eva = instance.insert_user(&NewUser { email: "eva@example.org", ..self::ana() }, NOW).unwrap();
    assert_eq!(instance.find_role(eva.id, workspace.id).unwrap(), None);
    instance.update_membership(eva.id, workspace.id, Role::Viewer).unwrap();
    instance.update_membership(eva.id, workspace.id, Role::Agent).unwrap();
    assert_eq!(instance.list_memberships(eva.id).unwrap(), [(workspace.clone(), Role::Agent)]);
    assert_eq!(
        instance.list_members(workspace.id).unwrap(),
        [(ana, Role::Administrator), (eva.clone(), Role::Agent)]
    );
    assert!(matches!(
        instance.update_membership(99, workspace.id, Role::Agent),
        Err(StoreError::Missing { .. })
    ));
    instance.remove_membership(eva.id, workspace.id).unwrap();
    assert_eq!(instance.find_role(eva.id, workspace.id).unwrap(), None);
}

#[test]
fn settings_audit_and_backup() {
    let (folder, instance, user, _) = instance();
    assert_eq!(instance.load_setting("x").unwrap(), None);
    instance.update_setting("x", "1").unwrap();
    instance.update_setting("x", "2").unwrap();
    assert_eq!(instance.load_setting("x").unwrap().as_deref(), Some("2"));
    instance.record_access(Some(user.id), "login", &json!({ "ok": true }), NOW).unwrap();
    let entries = instance.list_access(None, 10).unwrap();
    assert_eq!((entries[0].what.as_str(), entries[0].by), ("login", Some(user.id)));
    assert!(instance.database.write(|t| Ok(t.execute("DELETE FROM access", [])?)).is_err());
    let copy = folder.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    instance.backup_to(&copy.join(INSTANCE_FILE)).unwrap();
    let restored = Instance::open(&copy, NOW).unwrap();
    assert_eq!(restored.list_users().unwrap(), [user]);
    restored.check().unwrap();
}
