<?php
// After WordPress's own set-up: readable addresses, comments without moderation, a theme; prints an
// application password of the user `admin`.
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', getenv('BENCH_URL'));
require getenv('BENCH_SITE') . '/wp-load.php';

global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
flush_rewrite_rules();

foreach (['comment_moderation', 'comment_previously_approved', 'require_name_email', 'comments_notify'] as $option) {
    update_option($option, 0);
}
switch_theme('twentytwentythree');

// The sample post, page and comment are not part of the fixed content.
foreach ([1, 2] as $sample) {
    wp_delete_post($sample, true);
}

$user = get_user_by('login', 'admin');
[$password] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'bench']);
echo $password;
