using System.Text;
using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.Tests.Requests;

public sealed class RequestIdTests
{
    [Theory]
    [InlineData("""{"requestId":"abc"}""", "abc")]
    [InlineData("""{"body":{"requestId":"inner"},"requestId":"abc","x":1}""", "abc")]
    [InlineData("""{"requestId":"abc","body":{ cut off""", "abc")]
    [InlineData("""{"requestId":""}""", null)]
    [InlineData("""{"requestId":5}""", null)]
    [InlineData("""{"body":{"requestId":"inner"}}""", null)]
    [InlineData("""["requestId","abc"]""", null)]
    [InlineData("""{"requestId":"\ud800"}""", null)]
    [InlineData("not json", null)]
    [InlineData("", null)]
    public void The_id_of_a_refused_request_is_found_where_there_is_one(string json, string? id) =>
        Entrance.FindRequestId(Encoding.UTF8.GetBytes(json)).ShouldBe(id);

    [Fact]
    public void The_id_is_found_before_a_body_of_megabytes() =>
        Entrance.FindRequestId(Encoding.UTF8.GetBytes("{\"requestId\":\"abc\",\"body\":\"" + new string('x', 3_000_000) + "\"}")).ShouldBe("abc");

    [Fact]
    public void The_id_is_not_searched_for_behind_a_body_of_megabytes() =>
        Entrance.FindRequestId(Encoding.UTF8.GetBytes("{\"body\":\"" + new string('x', 3_000_000) + "\",\"requestId\":\"abc\"}")).ShouldBeNull();
}
