using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using LmPlayground.Sharing.Reading;
using LmPlayground.Web.Components.Viewing;
using LmPlayground.Web.Tests.Fakes;
using LmPlayground.Web.Viewing.Pictures;
using SkiaSharp;

namespace LmPlayground.Web.Tests.Pictures;

/// <summary>The preview picture of a demo, pixel by pixel.</summary>
public class DemoPictureTests
{
    private static readonly string[] Hostile =
    [
        "\u202Egnp.exe", "\u001B[31mred\u001B[0m", "\0\u0001\u0007\u007F\u0085", "<script>alert(1)</script>", "\u2066\u2069\u200F\u061C", "مرحبا", "👩‍👩‍👧👍🏽",
        "Z̷̢̛͙̲̤͉͔̀͑ͅA̶̡͝L", "\ud83d", "\uFFFD", "\n\n\n\t\t", new string('w', 4_000), new string('\u0301', 4_000), new string(' ', 4_000), "",
    ];

    public static TheoryData<string> Goldens => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    private static string Folder => Path.Combine(TestFiles.Root, "tests", "LmPlayground.Sharing.Tests", "Goldens", "v1");

    [Theory]
    [MemberData(nameof(Goldens))]
    public void It_is_a_PNG_of_1200_by_630_and_the_same_twice(string name)
    {
        var png = Draw(Golden(name));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        Assert.Equal(1200, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(630, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.InRange(png.Length, 5_000, 300_000);
        Assert.Equal(png, Draw(Golden(name)));
    }

    [Theory]
    [InlineData("ngram", 2, 3)]
    [InlineData("chat", 2, 5)]
    [InlineData("beams", 1, 2)]
    [InlineData("masked-fill", 5)]
    [InlineData("source", 1, 4, 5)]
    [InlineData("comparison", 2, 4, 5)]
    public void Tokens_stand_on_the_colours_of_the_theme(string name, params int[] steps)
    {
        using var picture = Picture(Golden(name));
        foreach (var step in steps)
            Assert.True(Count(picture, PictureColours.Heat[step]!.Value) > 500, $"step {step}");
    }

    [Fact]
    public void What_a_person_wrote_has_no_ground()
    {
        var golden = Golden("masked-fill");
        using var picture = Picture(golden);
        golden["runs"]![0]!["masked"]!["text"] = "The [MASK] sat on the [MASK]!";
        using var other = Picture(golden);
        Assert.Equal(Count(picture, PictureColours.Heat[5]!.Value), Count(other, PictureColours.Heat[5]!.Value));
    }

    [Fact]
    public void The_columns_of_a_comparison_stand_side_by_side_with_the_first_difference_marked()
    {
        using var picture = Picture(Golden("comparison"));
        var marks = Enumerable.Range(0, picture.Width)
            .Where(x => Enumerable.Range(0, 548).Any(y => picture.GetPixel(x, y) == PictureColours.Accent)).ToList();
        foreach (var (left, right) in ((int, int)[])[(64, 411), (432, 768), (789, 1136)])
            Assert.Contains(marks, x => x > left && x < right);
    }

    [Fact]
    public void A_Chinese_demo_is_bars_of_which_only_the_widths_tell()
    {
        var (one, other) = (Golden("ngram"), Golden("ngram"));
        Texts(one, "它", "喜欢", "和", "朋友们");
        Texts(other, "他", "讨厌", "与", "同事们");
        (one["title"], other["title"]) = ("小猫", "大狗");
        Assert.Equal(Draw(one), Draw(other));
        Texts(other, "他", "讨厌", "与", "同事");
        Assert.NotEqual(Draw(one), Draw(other));
        using var picture = Picture(one);
        Assert.True(Count(picture, PictureColours.Heat[2]!.Value) > 500);
    }

    [Fact]
    public void Nothing_that_a_stranger_writes_stands_outside_its_place()
    {
        foreach (var text in Hostile)
        {
            var golden = Golden("ngram");
            var line = text[..Math.Min(text.Length, 200)];
            golden["title"] = line;
            golden["models"]![0]!["name"] = line;
            golden["runs"]![0]!["request"]!["prompt"] = text + text;
            Texts(golden, [.. Enumerable.Repeat(text, 12)]);
            for (var i = 0; i < golden["models"]![0]!["token_texts"]!.AsArray().Count; i++)
                golden["models"]![0]!["token_texts"]![i] = text;
            using var picture = Picture(golden);
            for (var y = 0; y < picture.Height; y++)
                for (var x = 0; x < 50; x++)
                    Assert.Equal((PictureColours.Panel, PictureColours.Panel), (picture.GetPixel(x, y), picture.GetPixel(picture.Width - 1 - x, y)));
            for (var x = 0; x < picture.Width; x++)
                for (var y = 0; y < 24; y++)
                    Assert.Equal((PictureColours.Panel, PictureColours.Panel), (picture.GetPixel(x, y), picture.GetPixel(x, picture.Height - 1 - y)));
        }
    }

    [Fact]
    public void A_demo_without_tokens_has_a_picture_too()
    {
        var golden = Golden("comparison");
        golden["title"] = "";
        var run = golden["runs"]![2]!;
        run["column"]!["error"] = "The model could not be loaded.";
        using var picture = Picture(golden);
        Assert.True(Count(picture, PictureColours.Ink) > 100);
    }

    private static JsonNode Golden(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!;

    private static void Texts(JsonNode golden, params string[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
            golden["runs"]![0]!["steps"]!["texts"]![i] = texts[i];
    }

    private static byte[] Draw(JsonNode golden) => DemoPicture.Draw(new DemoView(SharedDemoReader.Read(Encoding.UTF8.GetBytes(golden.ToJsonString()))), Words.Page);

    private static SKBitmap Picture(JsonNode golden) => SKBitmap.Decode(Draw(golden));

    private static int Count(SKBitmap picture, SKColor colour) => picture.Pixels.Count(pixel => pixel == colour);
}
