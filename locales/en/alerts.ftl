# Alerts: what a rule noticed, the bar of every page.
nav-alerts = Alerts
alerts-title = Alerts
alerts-lead = What to look at now: a rule fired, and this is what it saw.
alerts-bar = { $count ->
    [one] { $count } open alert: a message of a group reached an outside audience
   *[other] { $count } open alerts: messages of groups reached an outside audience
}
alerts-line = A message of a group left its circle { $when }: “{ $text }”
alerts-line-without = A message of a group left its circle { $when }
alerts-newest-open = Newest alert
alerts-open = Open
alerts-open-badge = Open
alerts-open-more = The newest of { $all } open ones are shown.
alerts-none = No open alerts
alerts-none-text = When a message of a group reaches an outside audience, it will stand here and on top of every page.
alerts-seen = Seen
alerts-seen-none = There are no older alerts.
alerts-seen-badge = Seen
alerts-seen-by = by { $by }, { $when }
alerts-see = Mark as seen
alerts-older = Older
alerts-newest = Back to the newest
alert-rule-breakout = A message of a group left its circle
alerts-share = Share from other accounts
alerts-outside = Interactions of other accounts
alerts-inside = Interactions of the group
alerts-trace = What the group did
alerts-message = The message
alerts-message-gone = The posts that carried it are no longer here.
alerts-amplifiers = First outside accounts that carried it
alerts-amplifiers-none = None is known, or their posts are no longer here.
alerts-account = Account
alerts-followers = Followers
alerts-when = When
alerts-post = Post
alerts-see-post = See
alerts-to-group = See the group's card
alerts-group-gone = The last search did not find this very group, so it has no card.
alerts-how = When an alert is raised
alerts-how-text = When a message that several accounts of a group carried comes to have 20 outside accounts: as soon as the post arrives, or at the end of a search if it happened since the one before. Once for each message. The figures are those of that moment.
alerts-how-limits = It counts accounts, not people: which of the outside ones are truly outside is not known. Groups that the team dismissed raise no alerts, nor does the first search: what it finds is history.
done-alert-seen = Alert marked as seen.
