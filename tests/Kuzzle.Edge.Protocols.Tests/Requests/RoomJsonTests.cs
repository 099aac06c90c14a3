using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.Tests.Requests;

public sealed class RoomJsonTests
{
    [Fact]
    public void The_room_becomes_the_last_member() =>
        Encoding.UTF8.GetString(RoomJson.With("{\"status\":200}"u8, "some-room")).ShouldBe("{\"status\":200,\"room\":\"some-room\"}");

    [Fact]
    public void Any_room_name_survives() =>
        Prop.ForAll<NonNull<string>>(name =>
        {
            // A lone surrogate is not text; JSON cannot carry it.
            if (name.Get.Any(char.IsSurrogate)) return true;

            using var document = JsonDocument.Parse(RoomJson.With("{\"a\":{\"b\":[]}}"u8, name.Get));
            return document.RootElement.GetProperty("room").GetString() == name.Get;
        }).QuickCheckThrowOnFailure();
}
