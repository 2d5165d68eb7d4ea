# Ajustes: manual de marca, personas, fichas, datos, auditoría, cuenta.
settings-title = Ajustes
settings-tab-handbook = Manual de marca
settings-tab-people = Personas
settings-tab-tokens = Fichas de acceso
settings-tab-data = Datos
settings-tab-audit = Registro de auditoría
settings-tab-account = Mi cuenta
settings-read-only = Tu rol permite leer el manual. Para cambiarlo hace falta el rol de dirección.
settings-handbook-lead = Quiénes somos, con quién nos comparan y cómo hablamos. Todo lo demás parte de aquí.
settings-handbook-queries = Las consultas guardadas no cambian solas: ajústalas en
settings-names = Nombres de la marca
settings-names-hint = Uno por línea; el primero es el principal.
settings-handles = Cuentas propias
settings-handles-hint = Una por línea, por ejemplo @cafebayano.
settings-competitors = Competidores
settings-competitors-hint = Uno por línea: nombre, otro nombre, @cuenta.
settings-market = Palabras del mercado
settings-market-hint = Productos, problemas y lugares; una por línea.
settings-tone = Cómo hablamos
settings-tone-hint = Por ejemplo: cercano, de tú, sin tecnicismos.
settings-goals = Qué queremos lograr
settings-goals-hint = Objetivos del equipo para este periodo.
settings-hours = Horario de atención
settings-hours-hint = Por ejemplo: lun-vie 8:00-18:00.
settings-error-brand = Escribe al menos un nombre de la marca.
settings-error-many = Como mucho { $count } entradas.
settings-error-long = Cada entrada puede tener { $count } caracteres como mucho.
settings-people-lead = Quién trabaja en este espacio y qué puede hacer.
settings-person-you = Tú
settings-person-since = Desde { $name }
settings-person-add = Añadir a una persona
settings-person-remove = Quitar
settings-person-remove-of = Quitar a { $name }
settings-person-remove-title = ¿Quitar a { $name } de este espacio?
settings-person-remove-text = Ya no podrá entrar en este espacio de trabajo. Lo que hizo queda en el registro de auditoría.
settings-role = Rol
settings-role-of = Rol de { $name }
settings-role-change = Cambiar rol
settings-role-change-of = Cambiar el rol de { $name }
settings-roles-title = Qué puede hacer cada rol
settings-duty-administrator = Todo: personas, fuentes, datos e instalación.
settings-duty-director = Consultas, manual de marca, fuentes, importaciones, conservación y supresiones.
settings-duty-spokesperson = Habla por la marca; además, lo mismo que atención.
settings-duty-agent = Lee, etiqueta, guarda flujos y exporta.
settings-duty-viewer = Solo lee.
settings-name = Nombre
settings-email = Correo
settings-email-hint = Con él se entra. Si la persona ya usa esta instalación, solo recibe el rol y conserva su contraseña.
settings-password = Primera contraseña
settings-password-hint = Al menos { $count } caracteres; una frase va bien. Entrégala en persona.
settings-language = Idioma
settings-language-hint = El de tus páginas.
settings-error-email = Escribe un correo como ana@example.org.
settings-error-password = Al menos { $count } caracteres.
settings-error-name = Escribe un nombre de 1 a 120 caracteres.
settings-error-administrator = Un espacio necesita una persona en administración: nombra antes a otra.
settings-account-password = Para cambiar la contraseña, quien administra el servidor usa atalaya user password.
settings-tokens-lead = Para que otros programas usen la API. Una ficha nunca puede más que su dueño.
settings-tokens-empty = No hay fichas
settings-tokens-empty-text = Crea una cuando un programa necesite leer o escribir por la API.
settings-token-made = La ficha está lista
settings-token-once = Cópiala ahora: no se vuelve a mostrar.
settings-token-new = Nueva ficha
settings-token-name = Nombre
settings-token-name-hint = Para qué programa es.
settings-token-scopes = Qué puede hacer
settings-token-days = Vence
settings-token-make = Crear la ficha
settings-token-owner = De
settings-token-since = Creada
settings-token-ends = Vence
settings-token-used = Último uso
settings-token-never = Nunca
settings-token-forever = No vence
settings-token-revoke = Revocar
settings-token-revoke-of = Revocar la ficha { $name }
settings-token-revoke-title = ¿Revocar la ficha «{ $name }»?
settings-token-revoke-text = El programa que la usa deja de tener acceso al momento.
settings-error-token-name = Escribe un nombre corto.
settings-error-token-scope = Marca al menos un permiso.
settings-days = { $count ->
    [one] en { $count } día
   *[other] en { $count } días
}
permission-read = Leer publicaciones y cifras
permission-label = Etiquetar y guardar flujos
permission-export = Exportar
permission-edit_queries = Cambiar consultas y manual
permission-edit_sources = Cambiar fuentes e importar
permission-edit_data = Conservación, supresión, reconstrucción
permission-edit_people = Personas y roles
settings-data-lead = { $name } se pueden buscar ahora.
settings-retention-title = Conservación
settings-retention-days = Días que se guardan las publicaciones
settings-retention-hint = Vacío: para siempre. Lo que pasa de ese plazo se borra cada hora.
settings-error-days = Escribe un número de días de 1 a 36,500, o deja el campo vacío.
settings-erase-head = Suprimir una cuenta
settings-erase-lead = Borra todo lo recibido de una cuenta, por ejemplo cuando su dueño lo pide. Primero verás qué se borra.
settings-erase-account = Cuenta
settings-erase-account-hint = Su nombre de usuario, o red:identificador.
settings-erase-bar = No volver a guardar nada de esta cuenta
settings-erase-see = Ver qué se borra
settings-erase-title = ¿Suprimir { $name }?
settings-erase-text = No se puede deshacer. Se borra de la base de datos, del índice y del disco:
settings-erase-posts = { $count ->
    [one] { $count } publicación de la cuenta, con sus etiquetas
   *[other] { $count } publicaciones de la cuenta, con sus etiquetas
}
settings-erase-rejects = Los rechazos que la nombran
settings-erase-exports = Todas las exportaciones que aún se guardan, porque pueden contenerla
settings-erase-backups = Las copias de seguridad no se tocan: borra las antiguas cuando toque
settings-erase-bar-on = Lo que publique en adelante no se guardará
settings-erase-bar-off = Lo que publique en adelante se guardará otra vez
settings-erase-yes = Suprimir
settings-error-account = No conocemos esa cuenta. Escribe su nombre de usuario como aparece en sus publicaciones, o red:identificador.
settings-erased-title = La cuenta está suprimida
settings-erased-records = { $count ->
    [one] { $count } registro borrado
   *[other] { $count } registros borrados
}
settings-erased-rejects = { $count ->
    [one] { $count } rechazo borrado
   *[other] { $count } rechazos borrados
}
settings-erased-exports = { $count ->
    [one] { $count } exportación borrada
   *[other] { $count } exportaciones borradas
}
settings-erased-backups = En las copias de seguridad puede seguir: borra las que sean anteriores a hoy.
settings-erased-back = Volver a Datos
settings-backup-title = Copia de seguridad
settings-backup-lead = Se hace en el servidor, también con el programa en marcha. Restaurar pide una carpeta de datos vacía.
settings-backup-folder = Los datos de este espacio están en
settings-rebuild-head = Reconstruir
settings-rebuild-lead = Vuelve a calcular idioma, tono e índice a partir de lo recibido. Úsalo tras actualizar el programa o si una búsqueda falla.
settings-rebuild-title = ¿Reconstruir todo lo derivado?
settings-rebuild-text = Mientras dura, las búsquedas y el panorama solo ven lo ya recalculado. Lo recibido no cambia.
settings-rebuild-yes = Reconstruir
settings-rebuild-progress = Reconstrucción
settings-exports-title = Exportaciones
settings-exports-lead = Los archivos que se sacaron se guardan siete días, con su manifiesto.
settings-exports-open = Ver las exportaciones
settings-audit-lead = Quién decidió qué y cuándo. No se puede cambiar ni borrar.
settings-audit-empty = Todavía no hay entradas
settings-audit-empty-text = Aquí aparecerá cada cambio de fuentes, datos y permisos.
settings-audit-when = Cuándo
settings-audit-what = Qué
settings-audit-by = Quién
settings-audit-details = Detalles
settings-audit-shown = { $count ->
    [one] { $count } entrada
   *[other] { $count } entradas
}
audit-query-archived = Consulta archivada
audit-source-added = Fuente añadida
audit-source-paused = Fuente en pausa
audit-source-resumed = Fuente reanudada
audit-source-secret-changed = Clave de fuente cambiada
audit-source-removed = Fuente eliminada
audit-retention-changed = Conservación cambiada
audit-erasure = Cuenta suprimida
audit-rebuild = Reconstrucción
audit-export = Exportación
audit-import = Importación
audit-records-delete = Registros borrados
audit-none = ninguno
audit-yes = sí
audit-no = no
audit-field-query = consulta
audit-field-source = fuente
audit-field-name = nombre
audit-field-network = red
audit-field-days = días
audit-field-records = registros
audit-field-rejects = rechazos
audit-field-exports = exportaciones
audit-field-export = exportación
audit-field-rows = filas
audit-field-expression = expresión
audit-field-import = importación
audit-field-file = archivo
audit-field-reason = motivo
audit-field-labels = etiquetas
done-handbook-saved = Guardamos el manual de marca.
done-person-added = La persona ya puede entrar.
done-role-changed = Cambiamos el rol.
done-person-removed = La persona ya no está en este espacio.
done-token-revoked = Revocamos la ficha.
done-account-saved = Guardamos tus datos.
done-retention-changed = Guardamos el plazo de conservación.
done-rebuild-begun = La reconstrucción empezó.
