using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.FirstBoot;

namespace Kuzzle.Edge.Tests.FirstBoot;

public sealed class TomlTextTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("# nothing\n\n", "{}")]
    [InlineData("a = 1", """{"a":1}""")]
    [InlineData("a = 1 # one\nb = 2", """{"a":1,"b":2}""")]
    [InlineData("a = 1\r\nb = 2\r\n", """{"a":1,"b":2}""")]
    [InlineData("a.b.\"c d\" = true", """{"a":{"b":{"c d":true}}}""")]
    [InlineData("a = -1_000\nb = 0x1F\nc = 0b101\nd = 2.5e3\ne = +0.5", """{"a":-1000,"b":31,"c":5,"d":2500,"e":0.5}""")]
    [InlineData("""a = "x\t\"y\" \\ \u00e9 \U0001F600" """, """{"a":"x\t\"y\" \\ é 😀"}""")]
    [InlineData("""a = 'C:\n' """, """{"a":"C:\\n"}""")]
    [InlineData("a = \"\"\"\none\ntwo \\\n   three\"\"\"", """{"a":"one\ntwo three"}""")]
    [InlineData("a = '''\none\n'two'\n'''\nb = 1", """{"a":"one\n'two'\n","b":1}""")]
    [InlineData("a = [\n  1, # one\n  2,\n]", """{"a":[1,2]}""")]
    [InlineData("a = [[1], [\"b\", {c = 1}]]", """{"a":[[1],["b",{"c":1}]]}""")]
    [InlineData("a = { b = 1, c.d = \"e\" }", """{"a":{"b":1,"c":{"d":"e"}}}""")]
    [InlineData("[a]\nb = 1\n[a.c]\nd = 2\n[e]", """{"a":{"b":1,"c":{"d":2}},"e":{}}""")]
    [InlineData("[a.b]\nc = 1\n[a]\nd = 2", """{"a":{"b":{"c":1},"d":2}}""")]
    [InlineData("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", """{"a":[{"b":1},{"b":2,"c":{"d":3}}]}""")]
    public void It_is_read_as_the_standard_says(string toml, string json)
    {
        var faults = new List<ConfigurationFault>();

        var read = TomlText.Read(toml, "file", faults);

        faults.ShouldBeEmpty();
        JsonElement.DeepEquals(SettingJson.Of(read.ShouldNotBeNull()), JsonElement.Parse(json)).ShouldBeTrue(SettingJson.Of(read).GetRawText());
    }

    [Theory]
    [InlineData("a", "file:1: is not valid TOML: '=' is missing before the end")]
    [InlineData("\na = ", "file:2: is not valid TOML: a value is missing before the end")]
    [InlineData("a = b", "file:1: is not valid TOML: \"b\" is neither a number nor true or false; text and dates stand in quotation marks")]
    [InlineData("a = 2026-11-21", "file:1: is not valid TOML: \"2026-11-21\" is neither a number nor true or false; text and dates stand in quotation marks")]
    [InlineData("a = 1 b = 2", "file:1: is not valid TOML: 'b' follows where the line should end")]
    [InlineData("a = 1\na = 2", "file:2: is not valid TOML: \"a\" is written twice")]
    [InlineData("[a]\n[a]", "file:2: is not valid TOML: [a] is written twice")]
    [InlineData("a = 1\n[a]", "file:2: is not valid TOML: \"a\" has a value already and cannot hold others")]
    [InlineData("a = \"b", "file:1: is not valid TOML: a text has no end in its line")]
    [InlineData("a = 'b\n'", "file:1: is not valid TOML: a text has no end in its line")]
    [InlineData("a = \"\"\"b", "file:1: is not valid TOML: a text that begins with \"\"\" has no end")]
    [InlineData("a = \"\\x\"", "file:1: is not valid TOML: \\x means nothing in a text; write \\\\ for \\")]
    [InlineData("a = \"\\uD800\"", "file:1: is not valid TOML: an escape with \\u or \\U names no character")]
    [InlineData("a = \"\\u12", "file:1: is not valid TOML: an escape with \\u or \\U names no character")]
    [InlineData("a = [1 2]", "file:1: is not valid TOML: ']' is missing before '2'")]
    [InlineData("a = [1,\n", "file:2: is not valid TOML: a value is missing before the end")]
    [InlineData("a = 1__0", "file:1: is not valid TOML: \"1__0\" is neither a number nor true or false; text and dates stand in quotation marks")]
    [InlineData("= 1", "file:1: is not valid TOML: a key is missing before '='")]
    [InlineData("a = \"\\", "file:1: is not valid TOML: \\ means nothing in a text; write \\\\ for \\")]
    public void What_is_no_TOML_is_told_with_its_line(string toml, string fault)
    {
        var faults = new List<ConfigurationFault>();

        TomlText.Read(toml, "file", faults).ShouldBeNull();

        faults.Select(found => found.ToString()).ShouldBe([fault]);
    }

    [Fact]
    public void Nothing_that_is_written_ends_the_program()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 10_000));
        foreach (var toml in (string[])["a = " + deep, "a = " + string.Concat(Enumerable.Repeat("{a=", 10_000)), string.Join('.', Enumerable.Repeat("a", 10_000)) + " = 1"])
        {
            var faults = new List<ConfigurationFault>();

            TomlText.Read(toml, "file", faults).ShouldBeNull();

            faults.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Any_text_is_read_or_refused() => Prop.ForAll<string>(IsReadOrRefused).QuickCheckThrowOnFailure();

    private static bool IsReadOrRefused(string? text)
    {
        var faults = new List<ConfigurationFault>();
        return (TomlText.Read(text ?? "", "file", faults) is null) == (faults.Count == 1);
    }
}
