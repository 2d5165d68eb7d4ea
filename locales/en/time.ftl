# Dates, times and amounts.
month-short-1 = Jan
month-long-1 = January
month-short-2 = Feb
month-long-2 = February
month-short-3 = Mar
month-long-3 = March
month-short-4 = Apr
month-long-4 = April
month-short-5 = May
month-long-5 = May
month-short-6 = Jun
month-long-6 = June
month-short-7 = Jul
month-long-7 = July
month-short-8 = Aug
month-long-8 = August
month-short-9 = Sep
month-long-9 = September
month-short-10 = Oct
month-long-10 = October
month-short-11 = Nov
month-long-11 = November
month-short-12 = Dec
month-long-12 = December
weekday-short-1 = Mon
weekday-long-1 = Monday
weekday-short-2 = Tue
weekday-long-2 = Tuesday
weekday-short-3 = Wed
weekday-long-3 = Wednesday
weekday-short-4 = Thu
weekday-long-4 = Thursday
weekday-short-5 = Fri
weekday-long-5 = Friday
weekday-short-6 = Sat
weekday-long-6 = Saturday
weekday-short-7 = Sun
weekday-long-7 = Sunday
date-medium = { $day } { $month } { $year }
date-long = { $weekday }, { $day } { $month } { $year }
date-day = { $day } { $month }
date-month = { $month } { $year }
date-time = { $date }, { $time }
ago-now = just now
ago-minutes = { $count } min ago
ago-hours = { $count } h ago
ago-yesterday = yesterday, { $time }
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
ago-future = in the future
duration-seconds = { $count } s
duration-minutes = { $minutes } min { $seconds } s
duration-hours = { $hours } h { $minutes } min
duration-days = { $days ->
    [one] { $days } day { $hours } h
   *[other] { $days } days { $hours } h
}
compact-thousands = { $value }K
compact-millions = { $value }M
percent = { $value }%
