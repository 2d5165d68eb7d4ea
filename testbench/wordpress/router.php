<?php
// Router of PHP's own web server: files as they are, folders by their index.php, all else by WordPress.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$site = $_SERVER['DOCUMENT_ROOT'];
$file = $site . $path;

if ($path !== '/' && is_file($file)) {
    return false;
}
if ($path !== '/' && is_dir($file) && is_file("$file/index.php")) {
    chdir($file);
    $_SERVER['SCRIPT_NAME'] = $path . 'index.php';
    require "$file/index.php";
    return;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
require "$site/index.php";
