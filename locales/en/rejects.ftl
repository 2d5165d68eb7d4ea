# Rejects: what could not be read.
rejects-title = Rejects
rejects-lead = What arrived and could not be read, with line and reason. Nothing is lost in silence.
rejects-origin = Origin
rejects-all = All
rejects-import = Import: { $name }
rejects-removed = Removed origin ({ $name })
rejects-line = line
rejects-download = Download JSONL
rejects-shown = { $count ->
    [one] { $count } reject
   *[other] { $count } rejects
}
rejects-excerpt = Start of what was received
rejects-no-excerpt = No content
rejects-empty-title = No rejects
rejects-empty-text = Everything that arrived could be read.
reject-not-utf8 = It is not valid UTF-8 text from byte { $a } on.
reject-unreadable = It cannot be read as “{ $a }”.
reject-date-unknown = “{ $a }” is not a date.
reject-date-ambiguous = The date “{ $a }” can be read in two ways. Import with time_order=dmy (day first) or time_order=mdy (month first) under “Columns”.
reject-lacks = It has no “{ $a }”.
reject-lacks-content = It brings no text, title, media or shared post.
reject-id-empty = The identifier is empty.
reject-id-too-long = The identifier has { $a } bytes; at most { $b } are allowed.
reject-id-control = The identifier holds a control character.
reject-too-large = It has { $a } bytes; at most { $b } are allowed.
reject-other-kind = It is neither a post nor an account: { $a }.
reject-open-quote = A quote opens on this line and does not close within { $a } lines.
reject-json-breaks-off = The JSON breaks off: a list or an object is not closed.
reject-not-json = This is no JSON object or list.
reject-json-broken = The JSON is broken from here on.
reject-file-breaks-off = The file breaks off here.
reject-fields = It has { $a } columns and the first row has { $b }.
reject-not-an-object = It is not a JSON object.
reject-not-a-feed = It is not an RSS, Atom or JSON feed.
reject-nested = The answers are nested too deeply.
reject-encrypted = An encrypted message cannot be read.
reject-forged = The signature is not of the account that it names.
