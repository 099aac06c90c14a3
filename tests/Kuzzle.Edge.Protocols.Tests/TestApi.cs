using System.Text;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.Tests;

/// <summary>The real API over documents in memory.</summary>
internal static class TestApi
{
    public static KuzzleApi Create(TimeProvider clock) => new();

    public static ApiRequest Request(string json, ClientConnection connection)
    {
        ApiRequest.TryParse(Encoding.UTF8.GetBytes(json), connection, TimeProvider.System, out var request, out var fault).ShouldBeTrue(fault?.Message);
        return request!;
    }
}
