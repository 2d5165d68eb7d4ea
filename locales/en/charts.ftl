# Charts and their tables.
chart-table = See the data as a table
chart-empty = Not enough data to draw this chart.
chart-gap = Not collected
chart-gap-cell = no data
chart-period = Period
chart-value = Value
chart-share = Share
chart-total = All
chart-name = Name
chart-day = Day
chart-hour = Hour
chart-series-desc = From { $from } to { $to }. Highest: { $max }, { $when }. { $gaps ->
    [0] No interruption in collection.
    [one] One stretch without collection.
   *[other] { $gaps } stretches without collection.
}
chart-tones-desc = Posts by tone, from { $from } to { $to }.
chart-heat-desc = Posts by day and hour. Busiest: { $day }, { $hour }:00 ({ $max }).
chart-heat-less = Fewer
chart-heat-more = More
chart-share-desc = { $name } has the largest share: { $share }.
chart-point = { $when }: { $value }
chart-point-gap = { $when }: not collected
chart-expected = The usual
