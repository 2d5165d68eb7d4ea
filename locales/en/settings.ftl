# Settings: handbook, people, tokens, data, audit, account.
settings-title = Settings
settings-tab-handbook = Brand handbook
settings-tab-people = People
settings-tab-tokens = API tokens
settings-tab-data = Data
settings-tab-audit = Audit
settings-tab-account = My account
settings-read-only = Your role may read the handbook. Changing it takes the role of director.
settings-handbook-lead = Who we are, whom we are compared with and how we speak. Everything else begins here.
settings-handbook-queries = Saved queries do not change by themselves: adjust them in
settings-names = Names of the brand
settings-names-hint = One on each line; the first is the main one.
settings-handles = Own accounts
settings-handles-hint = One on each line, for example @cafebayano.
settings-competitors = Competitors
settings-competitors-hint = One on each line: name, other name, @account.
settings-market = Words of the market
settings-market-hint = Products, problems and places; one on each line.
settings-tone = How we speak
settings-tone-hint = For example: close, informal, without jargon.
settings-goals = What we want to reach
settings-goals-hint = Goals of the team for this period.
settings-hours = Support hours
settings-hours-hint = For example: Mon-Fri 8:00-18:00.
settings-error-brand = Write at least one name of the brand.
settings-error-many = At most { $count } entries.
settings-error-long = Each entry may have at most { $count } characters.
settings-people-lead = Who works in this workspace and what they may do.
settings-person-you = You
settings-person-since = Since { $name }
settings-person-add = Add a person
settings-person-remove = Remove
settings-person-remove-of = Remove { $name }
settings-person-remove-title = Remove { $name } from this workspace?
settings-person-remove-text = They can no longer enter this workspace. What they did stays in the audit.
settings-role = Role
settings-role-of = Role of { $name }
settings-role-change = Change role
settings-role-change-of = Change the role of { $name }
settings-roles-title = What each role may do
settings-duty-administrator = Everything: people, sources, data and the installation.
settings-duty-director = Queries, brand handbook, sources, imports, retention and erasures.
settings-duty-spokesperson = Speaks for the brand; besides, the same as an agent.
settings-duty-agent = Reads, labels, saves streams and exports.
settings-duty-viewer = Only reads.
settings-name = Name
settings-email = E-mail
settings-email-hint = It is the log-in. Somebody who uses this installation already only gets the role and keeps their password.
settings-password = First password
settings-password-hint = At least { $count } characters; a sentence is good. Hand it over in person.
settings-language = Language
settings-language-hint = That of your pages.
settings-error-email = Write an e-mail address such as ana@example.org.
settings-error-password = At least { $count } characters, please.
settings-error-name = Write a name of 1 to 120 characters.
settings-error-administrator = A workspace needs an administrator: name another one first.
settings-account-password = To change the password, whoever runs the server uses atalaya user password.
settings-tokens-lead = For other programs to use the API. A token may never do more than its owner.
settings-tokens-empty = No tokens
settings-tokens-empty-text = Make one when a program needs to read or write through the API.
settings-token-made = The token is ready
settings-token-once = Copy it now: it is never shown again.
settings-token-new = New token
settings-token-name = Name
settings-token-name-hint = Which program it is for.
settings-token-scopes = What it may do
settings-token-days = Ends
settings-token-make = Make the token
settings-token-owner = Owner
settings-token-since = Made
settings-token-ends = Ends
settings-token-used = Last used
settings-token-never = Never
settings-token-forever = Does not end
settings-token-revoke = Revoke
settings-token-revoke-of = Revoke the token { $name }
settings-token-revoke-title = Revoke the token “{ $name }”?
settings-token-revoke-text = The program that uses it loses its access at once.
settings-error-token-name = Write a short name.
settings-error-token-scope = Choose at least one permission.
settings-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
permission-read = Read posts and figures
permission-label = Label and save streams
permission-export = Take posts out
permission-edit_queries = Change queries and handbook
permission-edit_sources = Change sources and import
permission-edit_data = Retention, erasure, rebuild
permission-edit_people = People and roles
settings-data-lead = { $name } can be searched now.
settings-retention-title = Retention
settings-retention-days = Days that posts are kept
settings-retention-hint = Empty: for ever. What is older is deleted every hour.
settings-error-days = Write a number of days from 1 to 36,500, or leave the field empty.
settings-erase-head = Erase an account
settings-erase-lead = Deletes everything received from one account, for example when its owner asks. First you see what goes.
settings-erase-account = Account
settings-erase-account-hint = Its handle, or network:identifier.
settings-erase-bar = Never keep anything of this account again
settings-erase-see = See what goes
settings-erase-title = Erase { $name }?
settings-erase-text = This cannot be undone. Deleted from database, index and disk:
settings-erase-posts = { $count ->
    [one] { $count } post of the account, with its labels
   *[other] { $count } posts of the account, with their labels
}
settings-erase-rejects = The rejects that name it
settings-erase-exports = All exports still held, because they may contain it
settings-erase-backups = Backups are not touched: delete the old ones when their time comes
settings-erase-bar-on = What it posts from now on will not be kept
settings-erase-bar-off = What it posts from now on will be kept again
settings-erase-yes = Erase
settings-error-account = We do not know that account. Write its handle as it stands on its posts, or network:identifier.
settings-erased-title = The account is erased
settings-erased-records = { $count ->
    [one] { $count } record deleted
   *[other] { $count } records deleted
}
settings-erased-rejects = { $count ->
    [one] { $count } reject deleted
   *[other] { $count } rejects deleted
}
settings-erased-exports = { $count ->
    [one] { $count } export deleted
   *[other] { $count } exports deleted
}
settings-erased-backups = It may still be in backups: delete those from before today.
settings-erased-back = Back to Data
settings-backup-title = Backup
settings-backup-lead = Done on the server, also while the program runs. Restoring asks for an empty data folder.
settings-backup-folder = The data of this workspace are in
settings-rebuild-head = Rebuild
settings-rebuild-lead = Computes language, tone and index again from what was received. Use it after an update of the program or when a search fails.
settings-rebuild-title = Rebuild everything derived?
settings-rebuild-text = Meanwhile searches and the overview only see what has been computed again. What was received does not change.
settings-rebuild-yes = Rebuild
settings-rebuild-progress = Rebuilding
settings-exports-title = Exports
settings-exports-lead = Files that were taken out are held for seven days, with their manifest.
settings-exports-open = See the exports
settings-audit-lead = Who decided what, and when. It can be neither changed nor deleted.
settings-audit-empty = No entries yet
settings-audit-empty-text = Every change of sources, data and rights will appear here.
settings-audit-when = When
settings-audit-what = What
settings-audit-by = Who
settings-audit-details = Details
settings-audit-shown = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
audit-query-archived = Query archived
audit-source-added = Source added
audit-source-paused = Source paused
audit-source-resumed = Source resumed
audit-source-secret-changed = Key of a source changed
audit-source-removed = Source removed
audit-retention-changed = Retention changed
audit-erasure = Account erased
audit-rebuild = Rebuild
audit-export = Export
audit-import = Import
audit-records-delete = Records deleted
audit-none = none
audit-yes = Yes
audit-no = No
audit-field-query = query
audit-field-source = source
audit-field-name = name
audit-field-network = network
audit-field-days = days
audit-field-records = records
audit-field-rejects = rejects
audit-field-exports = exports
audit-field-export = export
audit-field-rows = rows
audit-field-expression = expression
audit-field-import = import
audit-field-file = file
audit-field-reason = reason
audit-field-labels = labels
done-handbook-saved = The brand handbook is saved.
done-person-added = The person can log in now.
done-role-changed = The role is changed.
done-person-removed = The person has left this workspace.
done-token-revoked = The token is revoked.
done-account-saved = Your data are saved.
done-retention-changed = The retention is saved.
done-rebuild-begun = The rebuild has begun.
