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
alerts-open-more = Se muestran las más recientes de { $all } abiertas.
alerts-none = No hay alertas abiertas
alerts-none-text = Cuando un mensaje de un grupo llegue a un público ajeno, saldrá aquí y en lo alto de cada página.
alerts-seen = Vistas
alerts-seen-none = No hay alertas más antiguas.
alerts-seen-badge = Vista
alerts-seen-by = por { $by }, { $when }
alerts-see = Marcar como vista
alerts-older = Más antiguas
alerts-newest = Volver a las más recientes
alert-rule-breakout = Un mensaje de un grupo salió de su círculo
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
alerts-when = Cuándo
alerts-post = Publicación
alerts-see-post = Ver
alerts-to-group = Ver la ficha del grupo
alerts-group-gone = La última búsqueda no encontró este mismo grupo, así que no tiene ficha.
alerts-how = Cuándo salta una alerta
alerts-how-text = Cuando un mensaje que llevaron varias cuentas de un grupo pasa a tener 20 cuentas ajenas: en cuanto llega la publicación, o al acabar una búsqueda si pasó desde la anterior. Una sola vez por mensaje. Las cifras son las de ese momento.
alerts-how-limits = Cuenta cuentas, no personas: no se sabe cuáles de las ajenas son de verdad ajenas. Los grupos que el equipo descartó no dan alertas, y la primera búsqueda tampoco: lo que encuentra es historia.
done-alert-seen = Alerta marcada como vista.
