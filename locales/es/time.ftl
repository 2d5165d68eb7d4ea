# Fechas, horas y cantidades.
month-short-1 = ene
month-long-1 = enero
month-short-2 = feb
month-long-2 = febrero
month-short-3 = mar
month-long-3 = marzo
month-short-4 = abr
month-long-4 = abril
month-short-5 = may
month-long-5 = mayo
month-short-6 = jun
month-long-6 = junio
month-short-7 = jul
month-long-7 = julio
month-short-8 = ago
month-long-8 = agosto
month-short-9 = sept
month-long-9 = septiembre
month-short-10 = oct
month-long-10 = octubre
month-short-11 = nov
month-long-11 = noviembre
month-short-12 = dic
month-long-12 = diciembre
weekday-short-1 = lun
weekday-long-1 = lunes
weekday-short-2 = mar
weekday-long-2 = martes
weekday-short-3 = mié
weekday-long-3 = miércoles
weekday-short-4 = jue
weekday-long-4 = jueves
weekday-short-5 = vie
weekday-long-5 = viernes
weekday-short-6 = sáb
weekday-long-6 = sábado
weekday-short-7 = dom
weekday-long-7 = domingo
date-medium = { $day } { $month } { $year }
date-long = { $weekday }, { $day } de { $month } de { $year }
date-day = { $day } { $month }
date-month = { $month } { $year }
date-time = { $date }, { $time }
ago-now = hace un momento
ago-minutes = hace { $count } min
ago-hours = hace { $count } h
ago-yesterday = ayer, { $time }
ago-days = { $count ->
    [one] hace { $count } día
   *[other] hace { $count } días
}
ago-future = en el futuro
duration-seconds = { $count } s
duration-minutes = { $minutes } min { $seconds } s
duration-hours = { $hours } h { $minutes } min
duration-days = { $days ->
    [one] { $days } día { $hours } h
   *[other] { $days } días { $hours } h
}
compact-thousands = { $value } mil
compact-millions = { $value } M
percent = { $value } %
