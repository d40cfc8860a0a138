/** PocketBase sends no policy for what we serve; the dashboard under /_/ brings its own. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
  + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** Global middleware: security headers, and caching that fits hashed file names. */
export function secureHeaders(e: PbRouteEvent & { request: { url: { path: string } } }): void {
  const { path } = e.request.url
  const headers = e.response.header()
  headers.set('Referrer-Policy', 'no-referrer')
  headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  if (path.startsWith('/_/')) {
    e.next()
    return
  }
  headers.set('Content-Security-Policy', policy)
  headers.set('X-Frame-Options', 'DENY')
  if (/^\/app\/[^/]+-[A-Z0-9]{8}\.(js|css)$/.test(path)) headers.set('Cache-Control', 'public, max-age=31536000, immutable')
  else if (!path.startsWith('/api/realtime')) headers.set('Cache-Control', path.startsWith('/api/') ? 'no-store' : 'no-cache')
  e.next()
}
