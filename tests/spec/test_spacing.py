"""The blanks in a line: what `cnncalc fmt` writes for each."""

import pytest

from cnncalc.spec.rows import read_content
from cnncalc.spec.spacing import comment_cut, expression, spaced


def whole(text):
    code, comment = comment_cut(text)
    content, arrow = spaced(code, read_content(code))
    return content, arrow, comment


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("conv   64\t3", "conv 64 3"),
        ("conv 64|relu| bn", "conv 64 | relu | bn"),
        ("conv ( a+b ,c ) 3", "conv (a+b, c) 3"),
        ("conv (a  +  b) max( a,b )", "conv (a + b) max(a, b)"),
        ("conv (a<b) (a  ==  b)", "conv (a<b) (a == b)"),
        ("conv⍽64⍽3", "conv 64 3"),
        ("y   =  relu", "y = relu"),
        ("y = concat   axis=L  :", "y = concat axis=L:"),
        ("nn.Conv2d( 3,  8 )", "nn.Conv2d( 3,  8 )"),
        ("model   A  b ", "model A  b"),
        ("input( 3,8 , 8 )", "input (3, 8, 8)"),
        ("input   3x8x8", "input 3x8x8"),
        ("x =  input   3x8x8", "x = input 3x8x8"),
        ("let x=3", "let x = 3"),
        ("let   x  =  a<b", "let x = a < b"),
        ("let x = a==b", "let x = a == b"),
        ("let x = ( a,b )", "let x = (a, b)"),
        ("default   conv  bias=no", "default conv bias=no"),
        ("require params<=5M", "require params <= 5M"),
        ("require(params<=5M)", "require (params <= 5M)"),
        ('require params<5M "a  b"', 'require params < 5M  "a  b"'),
        ('require params  !=  5M"a  b"', 'require params != 5M  "a  b"'),
        ("require params == 1,000,000", "require params == 1,000,000"),
        ("repeat   3  as  i  :", "repeat 3 as i:"),
        ("repeat( 3 ):", "repeat (3):"),
        ("repeat n  -  1 :", "repeat n - 1:"),
        ("repeat 1,000:", "repeat 1,000:"),
        ("repeat 1,000 , 5 as k:", "repeat 1, 000, 5 as k:"),
        ("repeat 3,5 , 7  as  k :", "repeat 3, 5, 7 as k:"),
        ("repeat (3,5) ,(7 ,9) as k:", "repeat (3, 5), (7, 9) as k:"),
        ("repeat @y[ 1 ],@y[ 2 ] as k:", "repeat @y[1], @y[2] as k:"),
        ("y = @x[ 1 ][ * ]", "y = @x[1][*]"),
        ("if(C==3) :", "if (C == 3):"),
        ("if C>=3 and  D!=2:", "if C >= 3 and D != 2:"),
        ("elif   C<3 :", "elif C < 3:"),
        ("else  :", "else:"),
        ("block   b( a ,b = 2,@x ) :", "block b(a, b=2, @x):"),
        ("block b(a=max( 1,2 ), c = 1==2):", "block b(a=max(1, 2), c=1==2):"),
        ("block b  :", "block b:"),
        ("stage   s :", "stage s:"),
        ("head   s   train :", "head s train:"),
        ("add   :", "add:"),
        ("layout   hwc", "layout hwc"),
        ("use   a b.txt", "use a b.txt"),
        ('use "a  b"', 'use "a  b"'),
        ("output   @a   @b", "output @a @b"),
        ('use "a⍽b"', 'use "a⍽b"'),
        ("conv 3 name=a⍽", "conv 3 name=a"),
    ],
)
def test_a_line_is_spaced(text, content):
    text = text.replace("⍽", "\u00a0")
    assert whole(text) == (content.replace("⍽", "\u00a0"), "", "")


@pytest.mark.parametrize(
    ("text", "content", "arrow"),
    [
        ("conv 8 3->8x6x6", "conv 8 3", "-> 8x6x6"),
        ("conv 8 3  ->  ( 8,6,6 )", "conv 8 3", "-> (8, 6, 6)"),
        ("->  8x6x6", "-> 8x6x6", ""),
    ],
)
def test_an_arrow_is_apart_from_its_layers(text, content, arrow):
    assert whole(text) == (content, arrow, "")


@pytest.mark.parametrize(
    ("text", "code", "comment"),
    [
        ("relu # a  b ", "relu", "# a  b"),
        ("relu", "relu", ""),
        ("# a", "", "# a"),
        ("relu\u00a0# a\r", "relu", "# a"),
        ('use "#" #', 'use "#"', "#"),
    ],
)
def test_a_comment_is_cut_off(text, code, comment):
    assert comment_cut(text) == (code, comment)


@pytest.mark.parametrize(
    ("text", "comparisons", "spaced"),
    [
        ("a  <  b", False, "a  <  b"), ("a<b", True, "a < b"), ("(a<b)", False, "(a<b)"), ("(a ,b)", False, "(a, b)"), ("a ,b", True, "a ,b"),
        ("( a )", False, "(a)"), ("f( a )  b", False, "f(a) b"), ("a=b", True, "a=b"), ("a!=b", True, "a != b"), ("((a ), b )", False, "((a), b)"),
        ("a + ( b )", True, "a + (b)"), ("1,000", True, "1,000"), ("(1,000)", True, "(1, 000)"), ("a\t>=\tb", True, "a >= b"), (" a < b ", True, "a < b"),
    ],
)  # fmt: skip
def test_an_expression_is_spaced(text, comparisons, spaced):
    assert expression(text, comparisons) == spaced
