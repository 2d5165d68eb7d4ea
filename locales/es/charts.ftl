# Gráficos y sus tablas.
chart-table = Ver los datos en una tabla
chart-empty = No hay datos suficientes para dibujar este gráfico.
chart-gap = Sin recolección
chart-gap-cell = sin datos
chart-period = Periodo
chart-value = Valor
chart-share = Proporción
chart-total = Total
chart-name = Nombre
chart-day = Día
chart-hour = Hora
chart-series-desc = De { $from } a { $to }. Máximo: { $max }, { $when }. { $gaps ->
    [0] Sin interrupciones en la recolección.
    [one] Un tramo sin recolección.
   *[other] { $gaps } tramos sin recolección.
}
chart-tones-desc = Publicaciones por tono, de { $from } a { $to }.
chart-heat-desc = Publicaciones por día y hora. Mayor actividad: { $day }, { $hour }:00 ({ $max }).
chart-heat-less = Menos
chart-heat-more = Más
chart-share-desc = { $name } tiene la mayor proporción: { $share }.
chart-point = { $when }: { $value }
chart-point-gap = { $when }: sin recolección
chart-expected = Lo habitual
