# Alertas: lo que una regla notó, la barra de todas las páginas.
nav-alerts = Alertas
alerts-title = Alertas
alerts-lead = Lo que conviene mirar ya: una regla se cumplió, y aquí está con qué.
alerts-bar = { $count ->
    [one] { $count } alerta abierta: un mensaje de un grupo llegó a un público ajeno
   *[other] { $count } alertas abiertas: mensajes de grupos llegaron a un público ajeno
}
alerts-line = Un mensaje de un grupo salió de su círculo { $when }: «{ $text }»
alerts-line-without = Un mensaje de un grupo salió de su círculo { $when }
alerts-newest-open = Alerta más reciente
alerts-open = Abiertas
alerts-open-badge = Abierta
alerts-open-more = Se muestran las más recientes de { $all } abiertas; las demás salen al marcar estas como vistas.
alerts-none = No hay alertas abiertas
alerts-none-text = Cuando un mensaje de un grupo llegue a un público ajeno, saldrá aquí y en lo alto de cada página.
alerts-seen = Vistas
alerts-seen-none = No hay alertas más antiguas.
alerts-seen-badge = Vista
alerts-seen-by = por { $by }, { $when }
alerts-see = Marcar como vista
alerts-see-all = { $count ->
    [one] Marcar { $count } como vista
   *[other] Marcar las { $count } como vistas
}
alerts-older = Más antiguas
alerts-newest = Volver a las más recientes
alert-rule-breakout = Un mensaje de un grupo salió de su círculo
alerts-title-groups = { $count ->
    [one] Un mensaje de un grupo salió de su círculo
   *[other] Un mensaje de { $count } grupos salió de su círculo
}
alerts-share = Parte que vino de otras cuentas
alerts-outside = Interacciones de otras cuentas
alerts-inside = Interacciones del grupo
alerts-trace = Qué hizo el grupo
alerts-message = El mensaje
alerts-message-gone = Las publicaciones que lo llevaban ya no están.
alerts-amplifiers = Primeras cuentas ajenas que lo llevaron
alerts-amplifiers-none = No se conoce ninguna, o sus publicaciones ya no están.
alerts-account = Cuenta
alerts-followers = Seguidores
alerts-post = Su publicación
alerts-group = Ver el grupo de { $accounts }
alerts-group-gone = La última búsqueda no encontró el grupo { $id } tal cual: no tiene ficha.
alerts-how = Cuándo salta una alerta
alerts-how-text = Cuando un mensaje que llevaron varias cuentas de un grupo pasa a tener 20 cuentas ajenas de las que nada hace dudar: en cuanto llega la publicación, o al acabar una búsqueda si pasó desde la anterior. Una sola vez por mensaje, aunque lo lleven varios grupos. Las cifras son las de ese momento.
alerts-how-limits = No cuentan las cuentas de otros grupos coordinados, las que el grupo copia ni las inactivas (con más de 90 días y, según su red, sin otra publicación); la alerta dice cuántas eran. Que nada haga dudar de una cuenta no prueba que detrás haya una persona. La parte que vino de otras cuentas las incluye a todas. Los grupos que el equipo descartó no dan alertas, y la primera búsqueda tampoco: lo que encuentra es historia.
done-alert-seen = Alerta marcada como vista.
done-alerts-seen = Alertas marcadas como vistas.
