using Microsoft.AspNetCore.Http;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Which web pages may read answers, and the headers that tell their browsers so. The values are Kuzzle's.</summary>
internal sealed class CrossOrigin(IReadOnlyList<string> allowedOrigins)
{
    private const string Methods = "GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD";

    private const string RequestHeaders =
        "Content-Type, Access-Control-Allow-Headers, Authorization, X-Requested-With, Content-Encoding, Content-Length, X-Kuzzle-Volatile, X-Kuzzle-Request-Id";

    private readonly bool _all = allowedOrigins.Contains("*", StringComparer.Ordinal);

    /// <summary>Whether a request may be executed: it comes from no web page at all, or from one of an allowed origin.</summary>
    public bool Allows(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return _all || origin.Length == 0 || allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Writes the headers of an answer; a page of another origin gets none of them, so its browser hides the answer.</summary>
    public void WriteHeaders(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        if (origin.Count == 0) return;

        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (!Allows(context.Request)) return;

        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlAllowHeaders = RequestHeaders;
        headers.AccessControlExposeHeaders = "X-Kuzzle-Request-Id, X-Kuzzle-Node";
    }
}
