using System.Text;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests;

/// <summary>The real API over documents in memory, open to everybody.</summary>
internal static class TestApi
{
    public static KuzzleApi Create(TimeProvider clock) =>
        new(new ApiOptions { FreshRights = FreshRights.Open, NodeName = "test-node" }, new InMemoryDocumentStore(), clock, NullLoggerFactory.Instance);

    public static ApiRequest Request(string json, ClientConnection connection)
    {
        ApiRequest.TryParse(Encoding.UTF8.GetBytes(json), connection, TimeProvider.System, out var request, out var fault).ShouldBeTrue(fault?.Message);
        return request!;
    }
}
