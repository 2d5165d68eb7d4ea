# Redes coordinadas: la lista, la ficha de un grupo, la auditoría de una campaña y el mapa.
nav-coordination = Redes coordinadas
nav-group-coordination = Influencia
coordination-title = Redes coordinadas
coordination-lead = Grupos de cuentas que actúan como una sola: qué hacen, hacia quién, con qué seguridad se sabe y si su mensaje ya salió de su círculo.
coordination-run = Buscar ahora
coordination-running = Buscando grupos
coordination-running-text = Puedes cerrar la página: la búsqueda sigue sin ella.
coordination-failed = La última búsqueda no terminó. Vuelve a intentarlo; si se repite, avisa a quien administra Atalaya.
coordination-never = Todavía no se ha buscado
coordination-never-text = «Buscar ahora» mira todas las publicaciones guardadas: quién comparte, enlaza, copia o contesta lo mismo en los mismos segundos, y lo compara con lo que haría el azar. Suele tardar menos de un minuto. Nada sale de este servidor.
coordination-never-forbidden = Pide la primera búsqueda a alguien con el rol de Atención, Vocería, Dirección o Administración.
coordination-none = Ningún grupo que mostrar
coordination-none-text = En lo que se miró, ninguna coincidencia entre cuentas resistió la comprobación con datos apartados. También es una respuesta. Con más fuentes o más días puede cambiar.
coordination-last-run = Última búsqueda: { $when }
coordination-looked = Se miraron { $posts } de { $accounts }.
coordination-left-out = { $count ->
    [one] { $count } publicación quedó fuera por no tener autor o fecha.
   *[other] { $count } publicaciones quedaron fuera por no tener autor o fecha.
}
coordination-weak = { $count ->
    [one] Además hay { $count } señal débil: una coincidencia que los datos apartados no confirmaron. No se muestra, porque mostrarla sería acusar sin pruebas.
   *[other] Además hay { $count } señales débiles: coincidencias que los datos apartados no confirmaron. No se muestran, porque mostrarlas sería acusar sin pruebas.
}
coordination-capped = { $count ->
    [one] En { $count } segundo actuaron tantas cuentas a la vez sobre lo mismo que solo se compararon algunas parejas.
   *[other] En { $count } segundos actuaron tantas cuentas a la vez sobre lo mismo que solo se compararon algunas parejas.
}
coordination-not-capped = No hubo que recortar nada.
coordination-what-looked = Qué se miró y qué se recortó
coordination-trace = Huella
coordination-window = Ventana
coordination-actions = Acciones
coordination-objects = Objetos
coordination-accounts = Cuentas
coordination-pairs-tested = Parejas comprobadas
coordination-pairs-found = Parejas que el azar no explica
coordination-capped-head = Acciones recortadas
coordination-groups = Grupos
coordination-newest = Último acto conocido: { $when }
coordination-newest-unknown = Último acto: sin dato
coordination-members = Cuentas
coordination-since-run = { $posts } de sus cuentas desde la búsqueda; { $outside } de otras sobre sus mensajes.
coordination-crossed = Su mensaje llegó a un público ajeno
coordination-crossed-live = Desde la búsqueda, un mensaje suyo llegó a un público ajeno
coordination-mixed = Algo de eco fuera del grupo, sin público
coordination-inside = No ha salido de su círculo
coordination-unknown-reach = Sin datos para saber si salió de su círculo
coordination-no-behaviour = Actúan a la vez; no hay datos para decir con qué fin
coordination-dismissed-groups = { $count ->
    [one] { $count } grupo descartado por el equipo
   *[other] { $count } grupos descartados por el equipo
}
coordination-undecided = Nadie ha decidido todavía
coordination-to-map = Ver el mapa
coordination-to-audit = Auditar una campaña
coordination-ladder = Cómo se lee la seguridad
coordination-ladder-possible = Posible: una huella en común, confirmada con datos que no sirvieron para encontrarla.
coordination-ladder-likely = Probable: dos huellas distintas, o una confirmación que el azar daría menos de una vez entre 10.000.
coordination-ladder-very_likely = Muy probable: dos huellas distintas, una confirmación de menos de una entre un millón y señales en las propias cuentas.
coordination-ladder-note = Son palabras, no probabilidades. «Coordinadas» no significa «falsas»: eso solo lo puede decir una persona, y lo firma.
coordination-stop = Detener la búsqueda
coordination-since = Desde el { $when }.
coordination-over-limit = { $count ->
    [one] { $count } publicación, la más antigua, quedó fuera por pasar del límite.
   *[other] { $count } publicaciones, las más antiguas, quedaron fuera por pasar del límite.
}
coordination-groups-left-out = { $count ->
    [one] { $count } grupo, el más débil, no se guardó por pasar del límite.
   *[other] { $count } grupos, los más débiles, no se guardaron por pasar del límite.
}
coordination-texts-beyond = { $count ->
    [one] { $count } texto no se comparó con los más antiguos, que no cabían en la memoria de la búsqueda.
   *[other] { $count } textos no se compararon con los más antiguos, que no cabían en la memoria de la búsqueda.
}
done-coordination-stopped = La búsqueda se detiene. Lo que se encontró antes se conserva.
done-coordination-begun = La búsqueda empezó. Los grupos aparecerán aquí.
done-group-decided = Tu decisión quedó firmada.

# Palabras
strength-weak_signal = señal débil
strength-possible = posible
strength-likely = probable
strength-very_likely = muy probable
strength-says-weak_signal = Hay una señal débil de que { $accounts } coinciden; no está confirmada
strength-says-possible = Es posible que { $accounts } actúen de forma coordinada
strength-says-likely = Es probable que { $accounts } actúen de forma coordinada
strength-says-very_likely = Es muy probable que { $accounts } actúen de forma coordinada
trace-co_reshare = Comparten la misma publicación
trace-co_link = Enlazan la misma dirección
trace-co_hashtag = Usan los mismos hashtags en el mismo orden
trace-co_text = Publican el mismo texto, igual o retocado
trace-co_media = Publican la misma imagen o video
trace-co_reply = Contestan o mencionan a la misma cuenta
trace-fast_reshare = Comparten la misma publicación en los mismos diez segundos
trace-co_follow = Siguen a las mismas cuentas
trace-synchrony = Se activan en los mismos momentos
trace-short-co_reshare = Difusiones
trace-short-co_link = Enlaces
trace-short-co_hashtag = Series de hashtags
trace-short-co_text = Textos
trace-short-co_media = Imágenes y videos
trace-short-co_reply = Respuestas y menciones
trace-short-fast_reshare = Difusiones inmediatas
trace-short-co_follow = Seguimientos
trace-short-synchrony = Momentos de actividad
behaviour-watcher = Acechador
behaviour-harasser = Acosador
behaviour-booster = Inflador
behaviour-spreader = Difusor
behaviour-does-watcher = Sigue a la gente alrededor de { $toward } sin decir nada
behaviour-does-harasser = Insulta o amenaza a { $toward }
behaviour-does-booster = Infla las cifras de { $toward }
behaviour-does-spreader = Lleva los mismos mensajes, a favor o en contra de { $toward }
behaviour-alone-watcher = Sigue a las mismas personas sin decir nada
behaviour-alone-harasser = Insulta o amenaza a unas pocas cuentas
behaviour-alone-booster = Infla las cifras de unas pocas cuentas
behaviour-alone-spreader = Lleva los mismos mensajes, sean de quien sean
explanation-fans = Aficionados de la misma persona, equipo o banda
explanation-newsroom = Medios o mesas de una misma casa, o automatización declarada
explanation-activists = Una huelga, petición o protesta con texto compartido
explanation-raffle = Un sorteo: «comparte y gana»
explanation-news_event = Una noticia a la que todo el mundo reacciona a la vez
explanation-television = Una emisión que todo el mundo ve a la vez
basis-timing = Lo que lo señaló: sus cuentas coinciden sobre lo mismo y en el mismo momento más de lo que explica el ritmo de los demás. Lo confirmó la otra mitad de los datos.
basis-kin = Lo que lo señaló: sus cuentas se llaman casi igual o se crearon en los mismos días. Cada pareja coincide demasiado poco para destacar; lo que hicieron todas, que no sirvió para señalarlas, lo confirmó.
basis-choice = Lo que lo señaló: sus cuentas eligieron lo mismo. Los momentos, que no sirvieron para señalarlas, lo confirmaron. A los aficionados también les pasa: por eso no pasa de «posible».
verdict-holds = Encontrada
verdict-fails = Buscada y no encontrada
verdict-not_known = No se puede saber con estos datos
circle-too_few = Muy pocas interacciones para decirlo
circle-own_circle = Sigue en su propio círculo
circle-mixed = Algo de eco fuera, sin público
circle-audience = Llegó a un público ajeno
likeness-same_accounts = Casi las mismas cuentas
likeness-shared_accounts = Algunas cuentas en común
likeness-same_ways = Otras cuentas, mismas maneras
decision-confirmed = Confirmado como coordinado
decision-dismissed = Descartado: hay una explicación inocente
decision-watch = En vigilancia
decision-short-confirmed = Confirmado
decision-short-dismissed = Descartado
decision-short-watch = En vigilancia
decision-signed = { $decision }, por { $by }, { $when }
engager-organic = Orgánica
engager-coordinated = Coordinada
engager-inactive = Inactiva
engager-unknown = Sin datos suficientes
engager-means-organic = Sin señales de coordinación y con vida fuera de la campaña
engager-means-coordinated = De cuentas de un grupo que es al menos «posible»
engager-means-inactive = De cuentas sin actividad propia desde hace 90 días
engager-means-unknown = De cuentas de las que se sabe demasiado poco

# Ficha
group-lead = Qué se vio, qué cabía esperar por azar y qué más podría explicarlo. La palabra la pone el método; la decisión, una persona.
group-what = Qué hace
group-why = Por qué «{ $word }» y qué lo cambiaría
group-p = Si cada cuenta actuara por su lado, tanta coincidencia en los datos apartados se vería { $chance }, contando todos los intentos.
group-p-rare = una vez entre { $count }
group-p-rarest = menos de una vez entre { $count }
group-p-often = en { $share } de los casos
group-step = Sería «{ $word }» con
group-step-or = O bien, sería «{ $word }» con
group-top = Es la palabra más fuerte que da el método. La cambiaría encontrar una explicación inocente, o una decisión firmada.
group-down = Bajaría si se encontrara una explicación inocente: con una queda en «posible»; con dos, o si resulta ser un medio que lo declara, deja de mostrarse.
group-clock = Fechas y horas de { $zone }.
group-held = Lo que frena la palabra
group-held-says = No pasa de «{ $word }», por mucho que coincidan, mientras haya algo que la frena. Sin ello, lo visto daría «{ $otherwise }».
group-held-says-same = No pasa de «{ $word }», por mucho que coincidan, mientras haya algo que la frena. Sin ello, lo visto tampoco daría más por ahora.
held-back-habit = La costumbre de cada cuenta, lo pronto que suele actuar, explica la mayoría de sus coincidencias: un mismo aviso que todas oyen daría lo mismo. Dejaría de frenarla que la mitad de las parejas o más coincidieran más de lo que explica esa costumbre.
held-back-basis = Lo que señaló al grupo no fueron los momentos en que sus cuentas coinciden. Dejaría de frenarla que otra búsqueda, con más datos, lo encontrara por esos momentos; con los de ahora, nada.
held-back-explanation = Se encontró una explicación inocente: { $explanations }. Dejaría de frenarla que, con más datos, sus números dejaran de cumplirse; ninguna otra prueba lo hace.
group-not-shown = Lo que también se examinó y no se sostiene
group-not-known = Sin datos para examinar ninguna conducta.
group-explanations = Explicaciones inocentes que se buscaron
group-fact = Qué se midió
group-value = Aquí
group-limit = Límite
group-met = ¿Se cumple?
group-met-met = Sí
group-met-unmet = No
group-met-unknown = Sin dato
group-met-shown = Solo informa
group-at-least = { $limit } o más
group-at-most = { $limit } o menos
group-moments = Publicaciones lado a lado
group-moments-text = Cada fila es un momento: las mismas acciones de varias cuentas, con los segundos que las separan.
group-moments-none = No hay momentos que mostrar.
group-moments-more = { $count ->
    [one] { $count } momento más
   *[other] { $count } momentos más
}
group-moment-says = { $accounts } en { $span }
group-moment-others = { $count ->
    [0] Nadie más hizo lo mismo en ese lapso.
    [one] { $count } cuenta ajena hizo lo mismo en ese lapso.
   *[other] { $count } cuentas ajenas hicieron lo mismo en ese lapso.
}
group-moment-all-at-once = { $accounts } en el mismo segundo
group-moment-same-text = Todas dicen lo mismo, letra por letra:
group-after-first = La primera
group-after = { $count ->
    [one] +{ $count } segundo
   *[other] +{ $count } segundos
}
group-see-posts = Ver en el explorador
group-all-posts = Ver sus publicaciones
group-first-members = De las primeras { $count } cuentas
group-expected = Lo observado frente a lo esperable por azar
group-expected-text = «Esperable» es lo que darían las mismas cuentas y los mismos objetos si nadie se hubiera puesto de acuerdo. Los datos apartados no sirvieron para encontrar el grupo: solo para comprobarlo.
group-pairs = Parejas
group-together = Coincidencias
group-expected-head = Esperables
group-held-observed = En datos apartados
group-held-expected = Esperables ahí
group-held-p = Por azar
group-density = Parejas unidas
group-stability = Estabilidad a otras escalas
group-when = Cuándo actúan
group-timeline = Publicaciones de sus cuentas, por fecha ({ $zone })
group-hours = Publicaciones por hora del día ({ $zone })
group-accounts = Las cuentas
group-created = Cuándo se crearon las cuentas ({ $zone })
group-created-more = { $count ->
    [one] { $count } fecha más
   *[other] { $count } fechas más
}
group-created-unknown = { $count ->
    [0] Se conoce la fecha de todas.
    [one] De { $count } cuenta no se conoce la fecha.
   *[other] De { $count } cuentas no se conoce la fecha.
}
group-signs = Señales en las propias cuentas
group-signs-unknown = De estas cuentas se sabe demasiado poco para buscar señales.
group-signs-none = No se encontraron señales en las cuentas mismas.
group-sign-created = { $members } creadas en { $span } a partir del { $date } (UTC); por azar cabían { $expected }.
group-sign-returned = { $members } volvieron a la vez tras un largo silencio, a partir del { $date } (UTC).
group-sign-look-alikes = { $members } con nombres parecidos, «{ $stem }»; por azar cabían { $expected }.
group-sign-renamed = { $name } cambió de nombre: { $handles }
group-sign-passed = El nombre { $name } pasó por varias cuentas: { $handles }
group-handles = Nombres que han usado
group-handles-none = Ninguna cuenta cambió de nombre, que se sepa.
group-objects = Lo que comparten
group-objects-unfold = { $count ->
    [one] { $count } objeto más
   *[other] { $count } objetos más
}
group-objects-more = { $count ->
    [one] Hay { $count } objeto que no se enumera.
   *[other] Hay { $count } objetos que no se enumeran.
}
group-object = Objeto
group-object-members = Cuentas del grupo
group-object-others = Cuentas ajenas
group-messages = Sus mensajes y su salida del círculo
group-messages-none = No se siguió ningún mensaje de este grupo.
group-messages-more = { $count ->
    [one] { $count } mensaje más
   *[other] { $count } mensajes más
}
group-message-inside = Del grupo
group-message-outside = De otras cuentas
left-out-says = No cuentan como público { $accounts } de fuera: { $why }.
left-out-coordinated = { $count ->
    [one] { $count } es de otro grupo coordinado
   *[other] { $count } son de otros grupos coordinados
}
left-out-copied = { $count ->
    [one] { $count } es de quien el grupo copia
   *[other] { $count } son de quienes el grupo copia
}
left-out-inactive = { $count ->
    [one] { $count } no hizo nada más en 90 días
   *[other] { $count } no hicieron nada más en 90 días
}
group-message-crossed = Llegó a un público el { $when }.
group-message-counts = Interacciones del grupo y de otras cuentas ({ $zone })
group-message-share = Parte que viene de otras cuentas, con su intervalo del 95 % ({ $zone })
group-amplifiers = Primeras cuentas ajenas que lo llevaron
group-amplifier-when = Cuándo
group-amplifier-after = Interacciones ajenas después
group-earlier = Grupos anteriores que se le parecen
group-earlier-none = Ningún grupo anterior se le parece.
group-earlier-says = { $likeness }: { $accounts } en común; parecido de { $score } sobre 1. Visto el { $when }.
group-members = Cuentas del grupo
group-members-text = Primero las más centrales: por ellas conviene empezar a leer. Cada una lleva a su ficha en el grupo.
group-members-more = Se muestran { $shown } de { $all }; la tabla que se descarga las tiene todas.
group-copied = A quién copia el grupo
group-copied-text = Estas cuentas actúan casi siempre antes que las del grupo, que hacen lo mismo segundos después. Que a una la sigan no es prueba contra ella: puede ser la fuente o la víctima. No son del grupo ni se las acusa.
group-copied-says = la copian { $members } cuentas; antes que alguna de ellas { $first } veces, después { $after }
group-account = Cuenta
group-created-head = Creada
group-followers = Seguidores
group-posts = Publicaciones
group-ties = Parejas
group-decision = Decisión del equipo
group-decide = Firmar la decisión
group-to-decision = Decidir
group-decide-text = Queda con tu nombre y la hora, en la ficha y en la auditoría. La búsqueda la recuerda y reconoce al grupo si vuelve con otros nombres.
group-decide-now = ¿Qué decide el equipo?
group-note = Por qué
group-note-hint = Qué miraste y qué te convenció. De 1 a { $count } caracteres.
group-note-error = Escribe el porqué, en { $count } caracteres como mucho.
group-decision-error = Elige una de las tres.
group-downloads = Llevarse las pruebas
group-downloads-text = Con estos archivos otra persona puede repetir el análisis.
group-print = Imprimir o guardar como PDF
group-file-data = Todos los datos de la ficha (JSON)
group-file-members = Cuentas (CSV)
group-file-ties = Lazos entre cuentas (CSV)
group-file-shares = Las mismas, en las cuatro columnas de CooRTweet (CSV)
group-file-gexf = Grafo para Gephi (GEXF)
group-file-graphml = Grafo (GraphML)
group-method = Método { $name }, versión { $version }. Grupo { $id }.
group-printed = Evidencia de Atalaya · { $workspace } · { $name } · { $when } ({ $zone })
group-caution = El título dice con qué seguridad se sabe que las cuentas actúan de forma coordinada. Nada de esta ficha dice quién está detrás, ni por qué, ni que las cuentas sean falsas.

# Auditoría de una campaña
campaign-title = Auditoría de una campaña
campaign-lead = Qué parte de la interacción con un hashtag, un enlace o unas publicaciones es orgánica, coordinada o de cuentas inactivas.
campaign-expression = La campaña
campaign-expression-hint = Una consulta: #MiHashtag, domain:ejemplo.com, "una frase" o author:cuenta.
campaign-audit = Auditar
campaign-needs-run = Primero hay que buscar grupos: sin esa búsqueda no se sabe qué cuentas se coordinan.
campaign-nothing = Nada que auditar
campaign-nothing-text = Ninguna publicación cumple esa consulta.
campaign-of = Auditoría: { $name }
campaign-too-few = Demasiado pocas cuentas para dar proporciones sin engañar
campaign-says = De { $posts } de { $accounts }, { $share } viene de cuentas de las que es al menos posible que actúen de forma coordinada (entre { $low } y { $high })
campaign-accounts-left-out = { $count ->
    [one] { $count } cuenta no se miró por pasar del límite.
   *[other] { $count } cuentas no se miraron por pasar del límite.
}
campaign-not-examined = { $count ->
    [one] { $count } publicación de la campaña es más antigua o más nueva que la búsqueda de grupos.
   *[other] { $count } publicaciones de la campaña son más antiguas o más nuevas que la búsqueda de grupos.
}
campaign-class = Interacción
campaign-accounts = Cuentas
campaign-accounts-share = Parte de las cuentas
campaign-posts-share = Parte de las publicaciones
campaign-at-most = Como mucho
campaign-between = { $share } (de { $low } a { $high })
campaign-shares = Partes de la interacción con su intervalo del 95 %
campaign-method = Cómo se calcula
campaign-method-text = Cuentan las publicaciones que la consulta encuentra, con sus difusiones, citas y respuestas; las reacciones no se conocen por cuenta. Cada cuenta vale una sola vez en la muestra, aunque publique mucho: por eso los intervalos son anchos cuando pocas cuentas hacen casi todo. Intervalo de Wilson del 95 %; para las publicaciones, con el tamaño efectivo de una muestra por conglomerados.
campaign-method-unknown = «Como mucho» es la parte que tendría cada clase si todo lo que no se sabe fuera de ella.
campaign-method-limits = Los intervalos tratan las cuentas como una muestra al azar de las que interactúan. No incluyen los errores del método que encontró los grupos. Una cuenta solo pasa por inactiva si su red dice cuánto ha publicado: que aquí no haya más de ella no prueba nada.
campaign-groups = Grupos que participan
campaign-groups-none = Ningún grupo conocido participa.
campaign-group-says = { $posts }, { $accounts }
campaign-group-dismissed = (descartado por el equipo: sus cuentas cuentan como cualquiera)
campaign-method-name = Método { $name }, versión { $version }.
campaign-posts = Ver las publicaciones

# Mapa
map-title = Mapa de las redes
map-lead = Cada punto es una cuenta; cada línea, una coincidencia que el azar no explica. El mapa ilustra: las pruebas están en la tabla y en las fichas.
map-table = Grupos del mapa
map-sign = Señal
map-group = Grupo
map-canvas = Mapa de cuentas por grupos
map-help = Arrastra para mover y usa la rueda para acercar. Con el teclado: flechas, más y menos para acercar y alejar, cero para verlo entero, y las teclas n y p para recorrer las cuentas.
map-zoom-in = Acercar
map-zoom-out = Alejar
map-reset = Ver todo
map-next = Cuenta siguiente
map-none-webgl = Este navegador no puede dibujar el mapa (falta WebGL). La tabla dice lo mismo.
map-noscript = El mapa necesita JavaScript. La tabla dice lo mismo.
map-empty = Todavía no hay mapa
map-empty-text = Aparece cuando una búsqueda encuentra grupos.
map-left-out = Fuera del mapa quedan { $accounts } cuentas y { $ties } lazos, por su límite.
map-files = Llevarse el grafo
chart-columns-desc = De { $from } a { $to }. Máximo: { $max }, { $when }.
chart-interval-desc = De { $from } a { $to }. Al final: { $share }, entre { $low } y { $high }.
chart-interval-point = { $when }: { $share }, entre { $low } y { $high }
chart-low = Desde
chart-high = Hasta
chart-interval = Intervalo del 95 %
