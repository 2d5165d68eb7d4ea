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
alerts-open-more = The newest of { $all } open ones are shown; the others come up as these are marked as seen.
alerts-none = No open alerts
alerts-none-text = When a message of a group reaches an outside audience, it will stand here and on top of every page.
alerts-seen = Seen
alerts-seen-none = There are no older alerts.
alerts-seen-badge = Seen
alerts-seen-by = by { $by }, { $when }
alerts-see = Mark as seen
alerts-see-all = { $count ->
    [one] Mark { $count } as seen
   *[other] Mark all { $count } as seen
}
alerts-older = Older
alerts-newest = Back to the newest
alert-rule-breakout = A message of a group left its circle
alerts-title-groups = { $count ->
    [one] A message of a group left its circle
   *[other] A message of { $count } groups left its circle
}
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
alerts-post = Its post
alerts-group = See the group of { $accounts }
alerts-group-gone = The last search did not find the group { $id } as it was: it has no card.
alerts-how = When an alert is raised
alerts-how-text = When a message that several accounts of a group carried comes to have 20 outside accounts that nothing speaks against: as soon as the post arrives, or at the end of a search if it happened since the one before. Once for each message, even if several groups carry it. The figures are those of that moment.
alerts-how-limits = Accounts of other coordinated groups, those that the group copies and inactive ones (older than 90 days and, as their network says, without any other post) do not count; the alert tells how many they were. That nothing speaks against an account does not prove a person behind it. The share from other accounts has all of them. Groups that the team dismissed raise none, and neither does the first search: what it finds is history.
done-alert-seen = Alert marked as seen.
done-alerts-seen = Alerts marked as seen.
