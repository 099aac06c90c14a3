using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>What Kestrel calls for each request: one handler, without a host, a container or middleware around it.</summary>
internal sealed partial class BareApplication(RequestDelegate handle, ILogger logger) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await handle(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            LogClientLeft(e); // Nobody is left to be answered.
        }
    }

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context owns nothing: it has no services, and its streams are the server's.
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A client left before it was answered.")]
    private partial void LogClientLeft(Exception exception);
}
