# shellcheck shell=bash
# WordPress from Debian on MariaDB and PHP's own web server; RSS, Atom, comment feeds, REST.

readonly WORDPRESS_PORT=$((PORT_BASE + 20)) WORDPRESS_DB_PORT=$((PORT_BASE + 21))
readonly WORDPRESS_URL="http://127.0.0.1:$WORDPRESS_PORT"

install_wordpress() {
  # Without a theme package the front page is blank.
  apt_need wordpress wordpress-theme-twentytwentythree mariadb-server mariadb-client \
    php-cli php-mysql php-curl php-gd php-xml php-mbstring curl
  mkdir -p "$BENCH/wordpress/site"
  cp -rL /usr/share/wordpress/. "$BENCH/wordpress/site/"
  cp -rL /var/lib/wordpress/wp-content/themes/. "$BENCH/wordpress/site/wp-content/themes/"
}

wordpress_sql() { mariadb --no-defaults -h127.0.0.1 -P"$WORDPRESS_DB_PORT" -uroot -e "$1"; }

up_wordpress() {
  local run="$BENCH/wordpress/run" site="$BENCH/wordpress/site" log="$BENCH/log/wordpress.log" user lines
  port_must_be_free "$WORDPRESS_PORT"
  port_must_be_free "$WORDPRESS_DB_PORT"
  : >"$log"
  user="$(id -un)"
  mariadb-install-db --no-defaults --user="$user" --datadir="$run/maria" --skip-test-db \
    --auth-root-authentication-method=normal >>"$log" 2>&1 || fail "MariaDB could not make its folder; see $log"
  spawn "$run/maria.pid" "$log" mariadbd --no-defaults --user="$user" --datadir="$run/maria" --port="$WORDPRESS_DB_PORT" \
    --bind-address=127.0.0.1 --socket="$run/maria.sock" --pid-file="$run/maria.pid.unused" \
    --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=0
  wait_until wordpress-mariadb "$run/maria.pid" "$log" wordpress_sql 'select 1'
  wordpress_sql "create database wp character set utf8mb4;
    create user wp@'127.0.0.1' identified by 'wp'; grant all on wp.* to wp@'127.0.0.1';
    create user wp@localhost identified by 'wp'; grant all on wp.* to wp@localhost" >>"$log" 2>&1
  wordpress_config >"$site/wp-config.php"
  cp "$HERE/wordpress/router.php" "$BENCH/wordpress/router.php"
  (
    export PHP_CLI_SERVER_WORKERS=4
    cd "$BENCH/wordpress" || exit
    spawn "$run/main.pid" "$log" php -d sendmail_path=/bin/true -S "127.0.0.1:$WORDPRESS_PORT" -t site router.php
  )
  wait_until wordpress "$run/main.pid" "$log" answers "$WORDPRESS_URL/wp-admin/install.php"
  curl -fsS -o /dev/null "$WORDPRESS_URL/wp-admin/install.php?step=2" --data-urlencode 'weblog_title=Blog de Café Acme' \
    -d 'user_name=admin&admin_password=admin-pw-1&admin_password2=admin-pw-1&pw_weak=1&admin_email=admin@test.local&blog_public=1&language='
  BENCH_SITE="$site" BENCH_URL="$WORDPRESS_URL" php "$HERE/wordpress/settle.php" >"$run/password" 2>>"$log" ||
    fail "WordPress could not be set up; see $log"
  printf '%s' "$WORDPRESS_URL" >"$run/urls"
  talk wordpress accounts >"$run/state.env"
  mapfile -t lines <"$run/state.env"
  publish_env WORDPRESS "URL=$WORDPRESS_URL" "FEED_URL=$WORDPRESS_URL/feed/" "ATOM_URL=$WORDPRESS_URL/feed/atom/" \
    "COMMENTS_FEED_URL=$WORDPRESS_URL/comments/feed/" "${lines[@]}"
}

# Application passwords work over plain HTTP only in the environment type `local`.
wordpress_config() {
  local key
  printf "<?php\n"
  printf "define('DB_NAME','wp'); define('DB_USER','wp'); define('DB_PASSWORD','wp');\n"
  printf "define('DB_HOST','127.0.0.1:%s'); define('DB_CHARSET','utf8mb4'); \$table_prefix='wp_';\n" "$WORDPRESS_DB_PORT"
  for key in AUTH_KEY SECURE_AUTH_KEY LOGGED_IN_KEY NONCE_KEY AUTH_SALT SECURE_AUTH_SALT LOGGED_IN_SALT NONCE_SALT; do
    printf "define('%s','bench-%s');\n" "$key" "$key"
  done
  printf "define('WP_ENVIRONMENT_TYPE','local'); define('WP_HTTP_BLOCK_EXTERNAL',true);\n"
  printf "define('AUTOMATIC_UPDATER_DISABLED',true); define('DISABLE_WP_CRON',true);\n"
  printf "define('WP_HOME','%s'); define('WP_SITEURL','%s');\n" "$WORDPRESS_URL" "$WORDPRESS_URL"
  printf "if(!defined('ABSPATH')) define('ABSPATH',__DIR__.'/');\nrequire_once ABSPATH.'wp-settings.php';\n"
}
