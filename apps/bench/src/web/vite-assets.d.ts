/** What Vite gives to code: addresses of files, and modules by pattern. */
/// <reference types="vite/client" />
