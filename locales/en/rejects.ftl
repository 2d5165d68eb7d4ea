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
