using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Requests;

public sealed class JsonEntranceTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""", """{"a":2}""")]
    [InlineData("""{"o":[{"b":1,"b":{"c":1,"c":2}}]}""", """{"o":[{"b":{"c":2}}]}""")]
    public void The_last_of_two_members_of_one_name_counts(string json, string read)
    {
        JsonEntrance.TryParse(Encoding.UTF8.GetBytes(json), out var value, out _).ShouldBeTrue();

        value.GetRawText().ShouldBe(read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    public void What_is_no_json_is_refused_in_words(string json)
    {
        JsonEntrance.TryParse(Encoding.UTF8.GetBytes(json), out _, out var fault).ShouldBeFalse();

        fault.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(100_000, false)]
    public void Depth_has_a_bound(int depth, bool accepted) =>
        JsonEntrance.TryParse(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), out _, out _).ShouldBe(accepted);

    [Fact]
    public void No_bytes_make_it_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => JsonEntrance.TryParse(bytes, out _, out var fault) || fault.Length > 0).QuickCheckThrowOnFailure();
}
